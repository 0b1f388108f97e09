import type { V1Node, V1Pod } from '@kubernetes/client-node'
import { type Amounts, amountsOf, lacking, minus, ONE, pick, sum } from './amounts.ts'
import { requestsOf } from './pod-amounts.ts'

/** What pods may have of a node in all, and what the given ones leave of it. A pod takes one of `pods`. */
export type Room = { all: Amounts; free: Amounts }

/** What a node agrees to or not before it gives a running pod another size. */
const RESIZABLE = ['cpu', 'memory']

export function roomOn({ status }: V1Node, pods: readonly V1Pod[]): Room {
  const all = amountsOf(status?.allocatable)
  return { all, free: minus(all, sum(...pods.map(takenBy))) }
}

/** What a new pod takes of a node. */
export function takenBy(pod: V1Pod): Amounts {
  return sum(requestsOf(pod), { pods: ONE })
}

/** Whether a node could ever give its running pod another size, and whether it could now. */
export type Fit = { ever: boolean; now: boolean; memory: bigint; cpu: bigint }

/** @param resized the pod as it would be; not among those that have left the room */
export function fitOf(resized: V1Pod, { all, free }: Room): Fit {
  // As its spec asks: what the node said of an earlier size is no matter.
  const wanted = pick(requestsOf({ spec: resized.spec! }), RESIZABLE)
  return {
    ever: lacking(wanted, all).length === 0,
    now: lacking(wanted, free).length === 0,
    memory: all.memory ?? 0n,
    cpu: all.cpu ?? 0n,
  }
}
