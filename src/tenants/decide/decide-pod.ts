import type { V1Pod, V1ResourceRequirements } from '@kubernetes/client-node'
import { explain, isReady } from '../observe/observed.ts'
import type { Decision } from './decide.ts'
import { act, wait } from './decisions.ts'
import { type PodSize, podSize } from './pod-size.ts'
import { sizeIn } from './replica-sets.ts'
import type { Situation } from './situation.ts'

/** The Deployment is as it shall be: so must its pod be. */
export function decidePod({ deployment, pod, live }: Situation): Decision {
  if (pod === undefined) return noPod(live)
  const size = sizeIn(deployment)
  const progress = resizePod(size, pod)
  if (progress) return progress
  if (!isReady(pod)) return notReady(pod)
  const { state, message } = podSize(pod, size)
  return state === 'held' ? { step: 'ready', next: 'done' } : wait('pod', REASONS.allocated, message)
}

/** The node must grant the size. Undefined once it has. */
export function resizePod(wanted: V1ResourceRequirements, pod: V1Pod): Decision | undefined {
  const { name, uid, resourceVersion } = pod.metadata as { name: string; uid: string; resourceVersion: string }
  const { state, message } = podSize(pod, wanted)
  switch (state) {
    case 'other':
      return act('pod', { do: 'resize-pod', name, uid, resourceVersion, size: wanted })
    case 'infeasible':
      return { step: 'pod', next: 'infeasible', message }
    case 'asked':
    case 'deferred':
      return wait('pod', REASONS[state], message)
    default:
      return undefined
  }
}

const REASONS: Record<Exclude<PodSize['state'], 'other' | 'infeasible'>, string> = {
  asked: 'NotObserved',
  deferred: 'Deferred',
  allocated: 'ResizeInProgress',
  held: 'Held',
}

export function noPod(live: readonly V1Pod[]): Decision {
  const [pod] = live
  return pod ? notReady(pod) : wait('ready', 'NoPod', 'there is no pod')
}

/** What a rollout that is under way waits for. */
export function rollout({ deployment: { status }, live }: Situation): Decision {
  const refused = status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  const [pod] = live
  if (pod === undefined && refused) {
    return wait('ready', refused.reason ?? 'PodsRefused', refused.message ?? 'the pod was refused')
  }
  return pod && !isReady(pod) ? notReady(pod) : wait('ready', 'RollingOut', 'a rollout is under way')
}

function notReady(pod: V1Pod): Decision {
  const { reason, message } = explain(pod)
  return wait('ready', reason, message)
}
