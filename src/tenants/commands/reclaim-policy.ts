import { ignoreNotFound } from '../../kubernetes/errors.ts'
import { observeCached } from '../observe/cached.ts'
import { gather } from '../observe/gather.ts'
import type { TenantContext } from './context.ts'

/** What purging a tenant does to its disk, in a sentence: that is for the reclaim policy of its volume to say. */
export async function whatPurgingDoes({ apis, cache }: TenantContext, userId: string): Promise<string> {
  const { claim } = observeCached(cache, userId) ?? (await gather(apis, userId)) ?? {}
  const volumeName = claim?.spec?.volumeName
  if (!volumeName) return 'There is no volume yet; purging leaves nothing behind.'
  const volume = await ignoreNotFound(apis.core.readPersistentVolume({ name: volumeName }))
  const policy = volume?.spec?.persistentVolumeReclaimPolicy
  if (policy === 'Retain') return `Purging keeps the disk: its volume ${volumeName} has the reclaim policy Retain.`
  return `Purging deletes the disk with all data: its volume ${volumeName} has the reclaim policy ${policy ?? 'unknown'}.`
}
