import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound } from '../../kubernetes/errors.ts'
import { annotations } from '../../manifests/labels.ts'
import { CONTAINER_NAME, namesFor } from '../../manifests/names.ts'
import type { Act } from '../decide/decide.ts'
import type { Spec } from '../record/spec.ts'

/** The acts on ReplicaSets, pods and their quota: each as small as it can be. */

type Deps = { apis: Apis }

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
const STRATEGIC_MERGE = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch)

/** The API server took a change of a pod and keeps it different from what was asked, as an admission webhook may do. */
export class NotAcceptedError extends Error {
  override name = 'NotAcceptedError'
}

export async function resizePod(
  { apis }: Deps,
  { userId }: Spec,
  { name, uid, resourceVersion, size }: Act & { do: 'resize-pod' },
) {
  const body = { metadata: { uid, resourceVersion }, spec: { containers: [{ name: CONTAINER_NAME, resources: size }] } }
  const { namespace } = namesFor(userId)
  const written = await apis.core.patchNamespacedPodResize({ name, namespace, body }, STRATEGIC_MERGE)
  if (written.metadata?.resourceVersion === resourceVersion) {
    throw new NotAcceptedError('the cluster keeps another size of the pod than the one that was asked for')
  }
  return true
}

export async function patchReplicaSet({ apis }: Deps, { userId }: Spec, one: Act & { do: 'patch-replica-set' }) {
  const { name, resourceVersion, size, fence } = one
  const body = {
    metadata: { resourceVersion, annotations: { [annotations.fence]: String(fence) } },
    spec: { template: { spec: { containers: [{ name: CONTAINER_NAME, resources: size }] } } },
  }
  await apis.apps.patchNamespacedReplicaSet({ name, namespace: namesFor(userId).namespace, body }, STRATEGIC_MERGE)
  return true
}

export async function deleteReplicaSet({ apis }: Deps, { userId }: Spec, one: Act & { do: 'delete-replica-set' }) {
  const { name, uid, resourceVersion } = one
  const body = { preconditions: { uid, resourceVersion } }
  await ignoreNotFound(apis.apps.deleteNamespacedReplicaSet({ name, namespace: namesFor(userId).namespace, body }))
  return true
}

export async function wakeReplicaSet({ apis }: Deps, { userId }: Spec, one: Act & { do: 'wake-replica-set' }) {
  const { name, uid, count } = one
  const body = { metadata: { uid, annotations: { [annotations.wokenFor]: count } } }
  await apis.apps.patchNamespacedReplicaSet({ name, namespace: namesFor(userId).namespace, body }, STRATEGIC_MERGE)
  return true
}

export async function correctCount({ apis }: Deps, { userId }: Spec, one: Act & { do: 'correct-count' }) {
  const { name, resourceVersion, pods } = one
  const body = { metadata: { resourceVersion }, status: { used: { pods: String(pods) } } }
  const { namespace } = namesFor(userId)
  await apis.core.patchNamespacedResourceQuotaStatus({ name, namespace, body }, MERGE)
  return true
}

export async function deletePod(
  { apis }: Deps,
  { userId }: Spec,
  { name, uid, graceSeconds }: Act & { do: 'delete-pod' },
) {
  const { namespace } = namesFor(userId)
  await ignoreNotFound(
    apis.core.deleteNamespacedPod({
      name,
      namespace,
      body: { gracePeriodSeconds: graceSeconds, preconditions: { uid } },
    }),
  )
  return true
}
