import { setHeaderOptions } from '@kubernetes/client-node'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isForbidden } from '../../kubernetes/errors.ts'
import { DATABASE_SELECTOR } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import { claimNameIn } from './claim-name.ts'
import type { Observed } from './observed.ts'

/** The answer holds names and annotations only: the key does not leave the API server. */
const METADATA_ONLY = setHeaderOptions('Accept', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1')

/**
 * Reads all of a tenant live. ReplicaSets, Deployment, pods, namespace in this order: what was written for a newer spec is then
 * never taken for a deviation from an older one.
 * @returns undefined if there is no such namespace
 */
export async function gather({ apps, core, networking, rbac }: Apis, userId: string): Promise<Observed | undefined> {
  const { namespace, fullname, roleBinding: bindingName } = namesFor(userId)
  const object = { name: fullname, namespace }
  const inOrder = async () => {
    const replicaSets = await apps.listNamespacedReplicaSet({ namespace, labelSelector: DATABASE_SELECTOR })
    const deployment = await ignoreNotFound(apps.readNamespacedDeployment(object))
    const pods = await core.listNamespacedPod({ namespace, labelSelector: DATABASE_SELECTOR })
    return {
      replicaSets: replicaSets.items,
      deployment,
      pods: pods.items,
      live: await ignoreNotFound(core.readNamespace({ name: namespace })),
    }
  }
  const [
    { replicaSets, deployment, pods, live },
    claims,
    service,
    quota,
    networkPolicy,
    ingress,
    roleBinding,
    hasSecret,
  ] = await Promise.all([
    inOrder(),
    core.listNamespacedPersistentVolumeClaim({ namespace }),
    ignoreNotFound(core.readNamespacedService(object)),
    ignoreNotFound(core.readNamespacedResourceQuota(object)),
    ignoreNotFound(networking.readNamespacedNetworkPolicy(object)),
    ignoreNotFound(networking.readNamespacedIngress(object)),
    ignoreNotFound(rbac.readNamespacedRoleBinding({ name: bindingName, namespace })),
    secretExists({ core }, userId),
  ])
  if (live === undefined) return undefined
  const claimName = claimNameIn(live, userId)
  const claim = claims.items.find(({ metadata }) => metadata?.name === claimName)
  return {
    namespace: live,
    deployment,
    replicaSets,
    pods,
    claim,
    service,
    quota,
    networkPolicy,
    ingress,
    roleBinding,
    secretExists: hasSecret,
  }
}

/** Whether a tenant's Secret exists; undefined if that is not ours to know, as before its RoleBinding is there. */
export async function secretExists({ core }: Pick<Apis, 'core'>, userId: string): Promise<boolean | undefined> {
  const { namespace, secret: name } = namesFor(userId)
  try {
    return (await ignoreNotFound(core.readNamespacedSecret({ name, namespace }, METADATA_ONLY))) !== undefined
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}
