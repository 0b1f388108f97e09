import { ignoreNotFound } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { claimNameIn } from '../observe/claim-name.ts'
import type { TenantContext } from './context.ts'

/** What purging a tenant does to its disk, in a sentence: that is for the reclaim policy of its volume to say. */
export async function whatPurgingDoes({ apis, repository }: TenantContext, userId: string): Promise<string> {
  const { namespace } = namesFor(userId)
  const live = await repository.namespaceOf(userId)
  const name = live ? claimNameIn(live, userId) : namesFor(userId).fullname
  const claim = await ignoreNotFound(apis.core.readNamespacedPersistentVolumeClaim({ name, namespace }))
  const volumeName = claim?.spec?.volumeName
  if (!volumeName) return 'There is no volume yet; purging leaves nothing behind.'
  const volume = await ignoreNotFound(apis.core.readPersistentVolume({ name: volumeName }))
  const policy = volume?.spec?.persistentVolumeReclaimPolicy
  if (policy === 'Retain') return `Purging keeps the disk: its volume ${volumeName} has the reclaim policy Retain.`
  return `Purging deletes the disk with all data: its volume ${volumeName} has the reclaim policy ${policy ?? 'unknown'}.`
}
