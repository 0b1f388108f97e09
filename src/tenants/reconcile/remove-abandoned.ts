import type { V1Namespace } from '@kubernetes/client-node'
import { now } from '../../clock.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { isAlreadyExists, isConflict } from '../../kubernetes/errors.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { renderSecret } from '../../manifests/secret.ts'
import { isTombstone, tombstoneAnnotation } from '../record/ownership.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { holdsData, withdraw } from '../record/withdraw.ts'

/** So long after it was written, a record that no Secret has made a tenant counts as a leftover. */
const ABANDONED_AFTER_MS = 10 * 60_000

type Deps = { apis: Apis; repository: TenantRepository; serviceIdentity: () => Promise<ServiceIdentity> }

/** Whether a create has left this record behind. Its own age counts: the namespace may be an operator's, and much older. */
export function isAbandoned({ committed, operation }: Spec): boolean {
  return !committed && Date.now() - Date.parse(operation.startedAt) > ABANDONED_AFTER_MS
}

/**
 * Takes back what a create left before its Secret was posted. The remover first wins the Secret's name, so that no create can
 * succeed in a namespace that is about to go.
 * @returns whether it was taken back: not if it holds a claim, a Deployment or a key, or has changed meanwhile
 * @throws KubernetesError
 */
export async function removeAbandoned(deps: Deps, namespace: V1Namespace, spec: Spec): Promise<boolean> {
  if (await holdsData(deps.apis, namespace, spec)) return false
  return (await putTombstone(deps, spec.userId, namespace.metadata!.name!)) && withdraw(deps, namespace, spec)
}

/** @returns whether the Secret's name is won: not if it is a tenant's after all, or another remover is at work */
async function putTombstone(
  { apis: { core }, repository, serviceIdentity }: Deps,
  userId: string,
  namespace: string,
): Promise<boolean> {
  const body = renderSecret(userId, undefined, tombstoneAnnotation(now()))
  try {
    await core.createNamespacedSecret({ namespace, body })
    return true
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  const live = await repository.readSecret(userId, await serviceIdentity())
  if (!isTombstone(live?.metadata?.annotations)) return false
  // An earlier remover was cut off. A create may have read its tombstone, and could still replace it.
  const { name, resourceVersion } = live!.metadata as { name: string; resourceVersion: string }
  try {
    await core.replaceNamespacedSecret({
      name,
      namespace,
      body: { ...body, metadata: { ...body.metadata, resourceVersion } },
    })
    return true
  } catch (error) {
    if (isConflict(error)) return false
    throw error
  }
}
