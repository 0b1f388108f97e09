import type { V1Namespace } from '@kubernetes/client-node'
import type { Apis } from '../../kubernetes/connection.ts'
import { isAlreadyExists } from '../../kubernetes/errors.ts'
import { namesFor, userIdOf } from '../../manifests/names.ts'
import type { Operator } from '../../manifests/role-binding.ts'
import { renderSecret } from '../../manifests/secret.ts'
import { orUndefined } from '../observe/gather.ts'
import { isTombstone, tombstoneAnnotation } from '../record/ownership.ts'
import type { TenantRepository } from '../record/repository.ts'

/** So long after its creation a namespace that no Secret has made a tenant counts as a leftover. */
export const ABANDONED_AFTER_MS = 10 * 60_000

/**
 * Removes a namespace that a create left before its Secret was posted. The remover first takes the Secret's name, so that no
 * create can succeed in a namespace that is about to go; then deletes it as it was read, or not at all.
 * @returns whether it was removed: not if it has a claim, a Deployment or a key, or has changed meanwhile
 * @throws KubernetesError
 */
export async function removeAbandoned(
  { apis, repository, operator }: { apis: Apis; repository: TenantRepository; operator: () => Promise<Operator> },
  { metadata }: V1Namespace,
): Promise<boolean> {
  const namespace = metadata!.name!
  const userId = userIdOf(namespace)!
  const { fullname: name } = namesFor(userId)
  const [claim, deployment] = await Promise.all([
    orUndefined(apis.core.readNamespacedPersistentVolumeClaim({ name, namespace })),
    orUndefined(apis.apps.readNamespacedDeployment({ name, namespace })),
  ])
  if (claim || deployment) return false
  try {
    await apis.core.createNamespacedSecret({ namespace, body: renderSecret(userId, '', tombstoneAnnotation) })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    // Either it is a tenant after all, or an earlier remover was cut off here.
    const secret = await repository.readSecret(userId, await operator())
    if (!isTombstone(secret?.metadata?.annotations)) return false
  }
  const { uid, resourceVersion } = metadata as { uid: string; resourceVersion: string }
  await apis.core.deleteNamespace({ name: namespace, body: { preconditions: { uid, resourceVersion } } })
  return true
}
