import { ignoreNotFound } from '../../kubernetes/errors.ts'
import type { TenantContext } from './context.ts'
import { observe } from './resize.ts'

/**
 * What purging a tenant does to its disk, in a sentence: that is for the reclaim policy of its volume to say.
 * @throws problem `tenant-not-found`
 */
export async function whatPurgingDoes(context: TenantContext, userId: string): Promise<string> {
  const { claim } = await observe(context, userId)
  const volumeName = claim?.spec?.volumeName
  if (!volumeName) return 'There is no volume yet; purging leaves nothing behind.'
  const volume = await ignoreNotFound(context.apis.core.readPersistentVolume({ name: volumeName }))
  const policy = volume?.spec?.persistentVolumeReclaimPolicy
  if (policy === 'Retain') return `Purging keeps the disk: its volume ${volumeName} has the reclaim policy Retain.`
  return `Purging deletes the disk with all data: its volume ${volumeName} has the reclaim policy ${policy ?? 'unknown'}.`
}
