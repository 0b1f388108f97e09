import type { V1Pod, V1PodCondition, V1ResourceRequirements } from '@kubernetes/client-node'
import { covers } from '../../manifests/compare.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import { databaseStatus } from '../observe/observed.ts'

/**
 * How far a pod has come on the way to a size:
 * `other`: it does not ask for it. `asked`: the kubelet has not answered yet. `deferred`: no room on the node now.
 * `infeasible`: never on this node. `allocated`: granted, not all in force yet. `held`: in force.
 */
export type PodSize = { state: 'other' | 'asked' | 'deferred' | 'infeasible' | 'allocated' | 'held'; message: string }

/** Kubelets name the second reason themselves, but only when they look at the pod again, which may take minutes. */
const CHANGING = 'the node is changing the size; a lower limit comes only when less memory is used'

const HELD: PodSize = { state: 'held', message: 'the size is in force' }

/** The size of a pod's database against the wanted one, from its spec and from what the kubelet reports of it. */
export function podSize(pod: V1Pod, wanted: V1ResourceRequirements): PodSize {
  const asked = pod.spec?.containers.find(({ name }) => name === CONTAINER_NAME)?.resources
  if (!covers(asked, wanted)) return { state: 'other', message: 'the pod asks for another size' }
  const pending = current(pod, 'PodResizePending')
  if (pending?.reason === 'Infeasible')
    return { state: 'infeasible', message: messageOf(pending, 'never on this node') }
  if (pending) return { state: 'deferred', message: messageOf(pending, 'the node has no room now') }
  const progress = current(pod, 'PodResizeInProgress')
  if (progress) return { state: 'allocated', message: messageOf(progress, CHANGING) }
  // Before the kubelet has looked at a resize, the status still shows the old size and no condition.
  const reported = databaseStatus(pod)?.resources
  if (reported === undefined ? isAsMade(pod) : covers(reported, wanted)) return HELD
  if (isSeen(pod)) return { state: 'allocated', message: CHANGING }
  return { state: 'asked', message: 'the node has not answered yet' }
}

/**
 * Whether nothing in the pod's spec has changed since it was made: then no node has been asked for anything. Kubelets that
 * cannot resize (before 1.33) never report sizes, and API servers that cannot count no generations of pods.
 */
function isAsMade({ metadata }: V1Pod): boolean {
  return (metadata?.generation ?? 1) === 1
}

/** A condition, unless it is about an earlier change of the pod's spec. */
function current({ metadata, status }: V1Pod, type: string): V1PodCondition | undefined {
  const condition = status?.conditions?.find((one) => one.type === type && one.status === 'True')
  const isOld =
    condition?.observedGeneration !== undefined && condition.observedGeneration < (metadata?.generation ?? 0)
  return isOld ? undefined : condition
}

/** Whether the kubelet has seen the pod's spec as it is now. Kubelets before 1.34 do not say. */
function isSeen({ metadata, status }: V1Pod): boolean {
  return status?.observedGeneration !== undefined && status.observedGeneration >= (metadata?.generation ?? 0)
}

function messageOf({ message }: V1PodCondition, fallback: string): string {
  return message || fallback
}
