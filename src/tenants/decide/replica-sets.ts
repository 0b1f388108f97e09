import type { V1Deployment, V1PodTemplateSpec, V1ReplicaSet, V1ResourceRequirements } from '@kubernetes/client-node'
import { covers } from '../../manifests/compare.ts'
import { annotations } from '../../manifests/labels.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'

const HASH_LABEL = 'pod-template-hash'

/** The ReplicaSets that a Deployment controls, those that are going not counted. */
export function ownedBy(deployment: V1Deployment, replicaSets: readonly V1ReplicaSet[]): readonly V1ReplicaSet[] {
  return replicaSets.filter(
    ({ metadata }) =>
      metadata?.deletionTimestamp === undefined &&
      metadata?.ownerReferences?.some(({ controller, uid }) => controller && uid === deployment.metadata?.uid),
  )
}

/**
 * The ReplicaSet whose template may be changed along with the Deployment's: the only one that wants pods, and equal to the
 * Deployment but for the sizes. Undefined if there is none, or more than one: then a roll is due.
 */
export function currentReplicaSet(deployment: V1Deployment, owned: readonly V1ReplicaSet[]): V1ReplicaSet | undefined {
  const active = owned.filter(({ spec }) => (spec?.replicas ?? 0) > 0)
  const [current] = active
  if (current === undefined || active.length > 1) return undefined
  const ours = withoutSizes(deployment.spec?.template)
  const theirs = withoutSizes(current.spec?.template)
  return covers(ours, theirs) && covers(theirs, ours) ? current : undefined
}

function withoutSizes(template: V1PodTemplateSpec | undefined) {
  const { [HASH_LABEL]: _hash, ...labels } = template?.metadata?.labels ?? {}
  return {
    metadata: { labels, annotations: template?.metadata?.annotations },
    spec: {
      ...template?.spec,
      containers: template?.spec?.containers.map((container) =>
        container.name === CONTAINER_NAME ? { ...container, resources: undefined } : container,
      ),
    },
  }
}

/** The RAM and CPU that the database is given by a Deployment's or a ReplicaSet's template. */
export function sizeIn({ spec }: V1Deployment | V1ReplicaSet): V1ResourceRequirements {
  const { resources } = spec?.template?.spec?.containers.find(({ name }) => name === CONTAINER_NAME) ?? {}
  return { requests: ramAndCpu(resources?.requests), limits: ramAndCpu(resources?.limits) }
}

function ramAndCpu(map: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name === 'cpu' || name === 'memory'))
}

export function isSameSize(a: V1ResourceRequirements, b: V1ResourceRequirements): boolean {
  return covers(a, b) && covers(b, a)
}

/** What a strategic merge has to say to come from one size to another: what goes is null. */
export function sizeChange(from: V1ResourceRequirements, to: V1ResourceRequirements): V1ResourceRequirements {
  const gone = (kind: 'requests' | 'limits') => Object.keys(from[kind] ?? {}).filter((name) => !to[kind]?.[name])
  const nulls = (kind: 'requests' | 'limits') => Object.fromEntries(gone(kind).map((name) => [name, null as never]))
  return { requests: { ...nulls('requests'), ...to.requests }, limits: { ...nulls('limits'), ...to.limits } }
}

/** The generation of the spec that wrote the object last; 0 if none of ours did. */
export function fenceOf({ metadata }: V1Deployment | V1ReplicaSet): number {
  return Number(metadata?.annotations?.[annotations.fence] ?? 0)
}

export function isObserved({ metadata, status }: V1Deployment | V1ReplicaSet): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0)
}

/** Whether no rollout is under way: pausing in the middle of a Recreate would start a pod of the old template. */
export function isSettled(deployment: V1Deployment, owned: readonly V1ReplicaSet[]): boolean {
  const { replicas } = deployment.spec!
  const active = owned.filter(({ spec }) => (spec?.replicas ?? 0) > 0)
  return (
    isObserved(deployment) &&
    active.length === 1 &&
    deployment.status?.updatedReplicas === replicas &&
    deployment.status?.replicas === replicas
  )
}

/**
 * Whether the controller is about to start another pod, or in the middle of it, for what the Deployment says now: that cannot be
 * called back.
 */
export function isRollDue(deployment: V1Deployment, owned: readonly V1ReplicaSet[]): boolean {
  const current = currentReplicaSet(deployment, owned)
  // Under a pause sizes may differ: they are on their way into the ReplicaSet.
  return current === undefined || (!deployment.spec?.paused && !covers(sizeIn(current), sizeIn(deployment)))
}
