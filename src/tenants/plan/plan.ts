import { type Static, Type } from '@sinclair/typebox'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Desired } from '../../manifests/desired.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { optionChanges } from '../options/desire.ts'
import { literals } from '../record/literals.ts'
import { fits, notes, roomObstacles, volumeObstacles } from './obstacles.ts'

export const STRATEGIES = ['auto', 'inPlace', 'restart'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** A fact that the plan rests on, or an obstacle. */
export const ReasonSchema = Type.Object({ code: Type.String(), message: Type.String() })
export type Reason = Static<typeof ReasonSchema>

export const DISRUPTIONS = ['none', 'restart'] as const

/** What a change will do, said before it is made; the change itself goes by it. */
export const PlanSchema = Type.Object({
  feasible: Type.Boolean(),
  strategy: literals(STRATEGIES),
  expectedDisruption: literals(DISRUPTIONS),
  worstDisruption: literals(DISRUPTIONS),
  /** Seconds of acknowledged inserts that the worst disruption can lose; null: all data, as there is no storage. */
  lossWindowSeconds: Type.Union([Type.Integer(), Type.Null()]),
  changes: Type.Array(Type.Object({ resource: Type.String(), from: Type.String(), to: Type.String() })),
  steps: Type.Array(Type.String()),
  reasons: Type.Array(ReasonSchema),
  expectedSeconds: Type.Integer(),
})
export type Plan = Static<typeof PlanSchema>

/** Bytes and millicores of a node: all that pods may have, and what other pods leave of it. */
export type Room = { memory: bigint; memoryFree: bigint; cpu: number; cpuFree: number }

/** What is known of the place where a change is to happen. Undefined: could not be found out. */
export type Facts = {
  capabilities: Capabilities
  /** Whether a pod of the tenant runs now. */
  runs: boolean
  /** Whether the running pod's node is too old to resize it, though the API server takes the request. */
  nodeCannotResize: boolean
  /** Whether the sizes are of another quality-of-service class than the running pod. */
  changesQos: boolean
  /** Whether an earlier change will start another pod, whatever this one does. */
  restartDue: boolean
  claim: { phase: string; storageClass: string | undefined; expandable: boolean; capacity: bigint } | undefined
  node: Room | undefined
  elsewhere: Room[] | undefined
  /** Bytes that the database uses now. */
  usage: bigint | undefined
  /** Why the namespace's other quotas or limits refuse the size. */
  quota: string | undefined
}

const MOUNT_SECONDS = 5
const IN_PLACE_SECONDS = 3
const GROWTH_SECONDS = 10

/**
 * The plan for other sizes: what differs, whether it can be done, and what it will do to the running database.
 * Pure: the same facts give the same plan.
 */
export function planResize(from: Desired, to: Desired, strategy: Strategy, facts: Facts): Plan {
  const grows = bytesOf(to.storageSize)! > bytesOf(from.storageSize)!
  const inPlace = inPlaceReasons(from, to, facts)
  // Options that change the pod template in more than sizes need a new pod, whatever else does.
  const renews = to.templateRevision !== from.templateRevision
  const touchesPod = renews || resizes(from, to)
  const restarts =
    facts.runs && touchesPod && (renews || strategy === 'restart' || (strategy === 'auto' && inPlace.length > 0))
  const obstacles = [
    ...(grows ? volumeObstacles(to, facts) : []),
    ...(facts.quota ? [{ code: 'QuotaExceeded', message: facts.quota }] : []),
    ...roomObstacles(to, facts, restarts),
    ...(strategy === 'inPlace' && facts.runs ? inPlace : []),
  ]
  const isSame = changesOf(from, to).length === 0
  const optionsDiffer = optionChanges(from.options, to.options).length > 0
  const expectedDisruption = restarts && !isSame ? 'restart' : 'none'
  const mayRestart = strategy !== 'inPlace' && facts.runs && touchesPod
  return {
    feasible: obstacles.length === 0,
    strategy: renews ? 'restart' : strategy,
    expectedDisruption,
    worstDisruption: mayRestart ? 'restart' : 'none',
    lossWindowSeconds: mayRestart ? lossWindow(from) : 0,
    changes: changesOf(from, to),
    steps: isSame
      ? []
      : [
          ...(grows ? ['volume'] : []),
          ...(facts.runs && touchesPod && !restarts ? ['pod'] : []),
          ...(touchesPod || !optionsDiffer ? ['deployment'] : ['objects']),
          ...(facts.runs && touchesPod ? ['ready'] : []),
        ],
    reasons: [
      ...obstacles,
      ...(strategy === 'inPlace' || !facts.runs || !touchesPod ? [] : inPlace),
      ...notes(to, facts, restarts),
    ],
    expectedSeconds: isSame ? 0 : secondsFor(from, grows, facts.runs && touchesPod, restarts),
  }
}

/** Why this change cannot be made without a restart; empty if it can. */
function inPlaceReasons(
  from: Desired,
  to: Desired,
  { capabilities, node, nodeCannotResize, changesQos, restartDue }: Facts,
): Reason[] {
  const shrinks = bytesOf(to.ramSize)! < bytesOf(from.ramSize)!
  const reasons: Reason[] = []
  if (restartDue) reasons.push({ code: 'RestartUnderWay', message: 'a restart is under way and cannot be called back' })
  if (!capabilities.resizePods) {
    reasons.push({ code: 'ResizeNotAvailable', message: 'the cluster does not let this service resize a running pod' })
  } else if (shrinks && !capabilities.shrinkPods) {
    reasons.push({ code: 'ShrinkNotAvailable', message: 'less memory without a restart needs Kubernetes 1.34' })
  } else if (nodeCannotResize) {
    reasons.push({ code: 'ResizeNotAvailable', message: 'the node of the pod is older than Kubernetes 1.33' })
  }
  if (changesQos) {
    const message =
      'the pod would be of another quality-of-service class (Guaranteed or not), which only a new pod can be'
    reasons.push({ code: 'QosClass', message })
  }
  if (node && !fits(to, node)) {
    reasons.push({
      code: 'NodeTooSmall',
      message: `the node of the pod has ${formatBytes(node.memory)} for pods in all`,
    })
  }
  return reasons
}

function changesOf(from: Desired, to: Desired): Plan['changes'] {
  const pairs = [
    ['ram', from.ramSize, to.ramSize],
    ['storage', from.storageSize, to.storageSize],
    ['cpu.request', from.cpu.request, to.cpu.request],
    ['cpu.limit', from.cpu.limit, to.cpu.limit],
  ] as const
  const sizes = pairs.filter(([, a, b]) => a !== b).map(([resource, a, b]) => ({ resource, from: a, to: b }))
  return [...sizes, ...optionChanges(from.options, to.options)]
}

/** Seconds of acknowledged inserts that a restart can lose: those since the last write to the volume, if there is one. */
function lossWindow({ options }: Desired): number | null {
  return options.storage.enabled ? options.flushInterval : null
}

function resizes(from: Desired, to: Desired): boolean {
  return from.ramSize !== to.ramSize || from.cpu.request !== to.cpu.request || from.cpu.limit !== to.cpu.limit
}

function secondsFor({ options }: Desired, grows: boolean, runs: boolean, restarts: boolean): number {
  const change = restarts ? options.flushInterval + MOUNT_SECONDS + MOUNT_SECONDS : runs ? IN_PLACE_SECONDS : 0
  return change + (grows ? GROWTH_SECONDS : 0)
}

/** The plan of a change that starts the database anew with another pod template. */
export function planRestart(from: Desired, to: Desired, runs = true): Plan {
  const disruption = runs ? 'restart' : 'none'
  return {
    feasible: true,
    strategy: 'restart',
    expectedDisruption: disruption,
    worstDisruption: disruption,
    lossWindowSeconds: runs ? lossWindow(from) : 0,
    changes: optionChanges(from.options, to.options),
    steps: ['deployment', ...(runs ? ['ready'] : [])],
    reasons: [],
    expectedSeconds: secondsFor(to, false, runs, runs),
  }
}
