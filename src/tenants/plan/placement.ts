import type { V1Node, V1NodeSelector, V1Pod } from '@kubernetes/client-node'
import { lacking } from './amounts.ts'
import { roomOn, takenBy } from './room.ts'
import { unjudged, whyNotOn } from './scheduling.ts'

/**
 * Whether a new pod would find a node now. `preempts`: the scheduler would end pods of lower priority for it. `full`, `small`,
 * `unusable`: no node has room now, none is large enough, none may be used at all, and `nodes` says why. `unjudged`: what the
 * scheduler goes by besides.
 */
export type Placement = { state: (typeof BEST_FIRST)[number]; nodes: string; unjudged: readonly string[] }

const BEST_FIRST = ['fits', 'preempts', 'full', 'small', 'unusable'] as const

/** The nodes and pods of a cluster, and from where the volume of the new pod can be reached. */
export type Cluster = { nodes: readonly V1Node[]; pods: readonly V1Pod[]; reach: V1NodeSelector | undefined }

/** A refusal lists no more kinds of nodes than this: taints may have any value. */
const KINDS_MOST = 6

/** @param pod the new pod; the one that it follows is not among those of the cluster, as it has ended by then */
export function placementOf(pod: V1Pod, { nodes, pods, reach }: Cluster): Placement {
  const byNode = Map.groupBy(pods, ({ spec }) => spec?.nodeName)
  const found = nodes.map((node) => {
    const why = whyNotOn(node, pod.spec!, reach)
    return why === undefined
      ? judgeRoom(pod, node, byNode.get(node.metadata!.name!) ?? [])
      : { state: 'unusable' as const, why }
  })
  const state = BEST_FIRST.find((one) => found.some((node) => node.state === one)) ?? 'unusable'
  return { state, nodes: summary(found.map(({ why }) => why)), unjudged: unjudged(pod.spec!) }
}

function judgeRoom(pod: V1Pod, node: V1Node, pods: readonly V1Pod[]) {
  const wanted = takenBy(pod)
  const { all, free } = roomOn(node, pods)
  const tooSmall = lacking(wanted, all)
  if (tooSmall.length > 0) return { state: 'small' as const, why: `with too little ${tooSmall.join(' and ')} in all` }
  const short = lacking(wanted, free)
  if (short.length === 0) return { state: 'fits' as const, why: '' }
  const staying = pods.filter((other) => !isPreempted(other, pod))
  if (lacking(wanted, roomOn(node, staying).free).length === 0) return { state: 'preempts' as const, why: '' }
  return { state: 'full' as const, why: `with too little ${short.join(' and ')} left` }
}

/** Whether the scheduler would end a pod to make room for another. */
function isPreempted({ spec: other }: V1Pod, { spec: pod }: V1Pod): boolean {
  return pod?.preemptionPolicy !== 'Never' && (other?.priority ?? 0) < (pod?.priority ?? 0)
}

/** Such as `2 cordoned, 1 with too little memory left`. */
function summary(kinds: readonly string[]): string {
  if (kinds.length === 0) return 'there is none'
  const counted = [...Map.groupBy(kinds.filter(Boolean), (kind) => kind)].map(
    ([kind, { length }]) => `${length} ${kind}`,
  )
  const rest = counted.length - KINDS_MOST
  return [...counted.slice(0, KINDS_MOST), ...(rest > 0 ? [`${rest} kinds more`] : [])].join(', ')
}
