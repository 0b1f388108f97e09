import type {
  KubernetesObject,
  V1ContainerStatus,
  V1Deployment,
  V1Ingress,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1ResourceQuota,
  V1RoleBinding,
  V1Service,
} from '@kubernetes/client-node'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import { bytesOf } from '../../sizing/quantity.ts'

/** What the cluster holds of one tenant, read live (gather.ts) or from the watches (cached.ts). */
export type Observed = {
  namespace: V1Namespace
  deployment: V1Deployment | undefined
  replicaSets: readonly V1ReplicaSet[]
  pods: readonly V1Pod[]
  claim: V1PersistentVolumeClaim | undefined
  service: V1Service | undefined
  quota: V1ResourceQuota | undefined
  networkPolicy: V1NetworkPolicy | undefined
  ingress: V1Ingress | undefined
  roleBinding: V1RoleBinding | undefined
  /** Undefined: not known, as Secrets are not watched or not yet readable. */
  secretExists: boolean | undefined
}

export const isTerminating = (object: { metadata?: { deletionTimestamp?: unknown } } | undefined) =>
  object?.metadata?.deletionTimestamp !== undefined

/** A time in the form of our answers; null: there is none. Objects that were read have a Date, objects that were watched a text. */
export function isoTime(time: Date | string | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}

/**
 * Whether anything that is known of a tenant is older than its namespace. Then some watch is late, and still tells of an earlier tenant of
 * that name, which was purged.
 */
export function hasEarlier(observed: Observed): boolean {
  return createdAtOf(observed).some((time) => time < timeOf(observed.namespace))
}

/** Whether anything that is known of a tenant was made after this time (RFC 3339). */
export function hasLater(observed: Observed, than: string): boolean {
  return createdAtOf(observed).some((time) => time > Date.parse(than))
}

/** When what is in the namespace was made (ms). */
function createdAtOf({ namespace: _, secretExists: _known, pods, replicaSets, ...objects }: Observed): number[] {
  return [...pods, ...replicaSets, ...Object.values(objects)].flatMap((one) => (one === undefined ? [] : [timeOf(one)]))
}

const timeOf = ({ metadata }: KubernetesObject) => new Date(metadata?.creationTimestamp ?? Number.NaN).getTime()

/** Pods that can still write: one that has ended for good no longer does. */
export function livePods(pods: readonly V1Pod[]): readonly V1Pod[] {
  return pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
}

/** The pod that runs: on a node, and not about to end. One that finds no node runs nothing that could be disturbed. */
export function podOnNode(pods: readonly V1Pod[]): V1Pod | undefined {
  return livePods(pods).find((pod) => !isTerminating(pod) && pod.spec?.nodeName !== undefined)
}

export function isReady(pod: V1Pod): boolean {
  return !isTerminating(pod) && readyCondition(pod)?.status === 'True'
}

export function readyCondition(pod: V1Pod) {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready')
}

/** The database's container as the kubelet reports it. */
export function databaseStatus(pod: V1Pod | undefined): V1ContainerStatus | undefined {
  return pod?.status?.containerStatuses?.find(({ name }) => name === CONTAINER_NAME)
}

/** What a pod's database was given: what the kubelet reports, else what the pod's spec asks for. */
export function databaseResources(pod: V1Pod) {
  return (
    databaseStatus(pod)?.resources ?? pod.spec?.containers.find(({ name }) => name === CONTAINER_NAME)?.resources ?? {}
  )
}

/** Bytes that the claim asks for, and that its volume has. */
export function claimSizes(claim: V1PersistentVolumeClaim | undefined) {
  return {
    requested: bytesOf(claim?.spec?.resources?.requests?.storage) ?? 0n,
    capacity: bytesOf(claim?.status?.capacity?.storage) ?? 0n,
  }
}

/** Why a pod is not ready, in a reason of one word and a sentence. */
export function explain(pod: V1Pod): { reason: string; message: string } {
  if (isTerminating(pod)) return { reason: 'Terminating', message: 'the pod is ending' }
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') {
    return { reason: scheduled.reason ?? 'Unscheduled', message: scheduled.message ?? 'no node has been found yet' }
  }
  const status = databaseStatus(pod)
  const { waiting, running, terminated } = status?.state ?? {}
  if (waiting) return { reason: waiting.reason ?? 'Waiting', message: waiting.message ?? 'the container is being made' }
  if (terminated) return { reason: terminated.reason ?? 'Terminated', message: `it ended with ${terminated.exitCode}` }
  if (running && !status?.started) return { reason: 'Loading', message: 'the database loads its data' }
  if (running) return { reason: 'NotListening', message: 'the database does not accept connections' }
  return { reason: 'Starting', message: 'the pod is being started' }
}
