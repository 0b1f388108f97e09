import { namesFor } from '../../manifests/names.ts'
import { orUndefined } from '../observe/gather.ts'
import type { TenantContext } from './context.ts'

/** What purging a tenant does to its disk, in a sentence: that is for the reclaim policy of its volume to say. */
export async function whatPurgingDoes({ apis }: TenantContext, userId: string): Promise<string> {
  const { fullname, namespace } = namesFor(userId)
  const claim = await orUndefined(apis.core.readNamespacedPersistentVolumeClaim({ name: fullname, namespace }))
  const name = claim?.spec?.volumeName
  if (!name) return 'There is no volume yet; purging leaves nothing behind.'
  const volume = await orUndefined(apis.core.readPersistentVolume({ name }))
  const policy = volume?.spec?.persistentVolumeReclaimPolicy
  if (policy === 'Retain') return `Purging keeps the disk: its volume ${name} has the reclaim policy Retain.`
  return `Purging deletes the disk with all data: its volume ${name} has the reclaim policy ${policy ?? 'unknown'}.`
}
