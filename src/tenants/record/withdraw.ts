import type { V1Namespace } from '@kubernetes/client-node'
import type { Apis } from '../../kubernetes/connection.ts'
import { isConflict, isNotFound } from '../../kubernetes/errors.ts'
import { CALLER_LABEL_PREFIX, CREATE_KEY_LABEL, labelsFor, PREPARED_LABEL } from '../../manifests/labels.ts'
import type { TenantRepository } from './repository.ts'
import type { Spec } from './spec.ts'

type Deps = { apis: Apis; repository: TenantRepository }

/**
 * Takes back the namespace of a create that made no tenant: one that this service made is deleted, one that an operator had
 * prepared is given back as it was. Nothing is deleted that holds a claim or a Deployment.
 * @param namespace as it was read or written; if it has changed since, nothing is done
 * @returns whether it is taken back
 * @throws KubernetesError
 */
export async function withdraw({ apis, repository }: Deps, namespace: V1Namespace, spec: Spec): Promise<boolean> {
  try {
    if (isPrepared(namespace, spec)) await repository.giveBack(namespace, labelsBefore(namespace, spec))
    else if (await holdsData(apis, namespace, spec)) return false
    else await remove(apis, namespace)
    return true
  } catch (error) {
    if (isConflict(error)) return false
    if (isNotFound(error)) return true
    throw error
  }
}

/** Records of earlier versions do not say, but the operator's label is still there. */
function isPrepared({ metadata }: V1Namespace, { userId, prepared }: Spec): boolean {
  return prepared !== null || metadata?.labels?.[PREPARED_LABEL] === userId
}

/**
 * Whether a namespace that this service made holds anything that must not go with it. Claims of any name count: they may be an
 * operator's. A prepared namespace is never deleted, so what it holds does not matter.
 */
export async function holdsData({ core, apps }: Apis, live: V1Namespace, spec: Spec): Promise<boolean> {
  if (isPrepared(live, spec)) return false
  const namespace = live.metadata!.name!
  const [claims, deployments] = await Promise.all([
    core.listNamespacedPersistentVolumeClaim({ namespace }),
    apps.listNamespacedDeployment({ namespace }),
  ])
  return claims.items.length + deployments.items.length > 0
}

async function remove({ core }: Apis, { metadata }: V1Namespace): Promise<void> {
  const { name, uid, resourceVersion } = metadata as { name: string; uid: string; resourceVersion: string }
  await core.deleteNamespace({ name, body: { preconditions: { uid, resourceVersion } } })
}

/** What stood on the namespace in place of this service's labels; null: nothing. */
function labelsBefore({ metadata }: V1Namespace, { userId, prepared }: Spec): Record<string, string | null> {
  const own = Object.keys(metadata?.labels ?? {}).filter(isOwn(userId))
  return prepared?.labels ?? Object.fromEntries(own.map((label) => [label, null]))
}

const isOwn = (userId: string) => (label: string) =>
  label in labelsFor(userId) || label === CREATE_KEY_LABEL || label.startsWith(CALLER_LABEL_PREFIX)
