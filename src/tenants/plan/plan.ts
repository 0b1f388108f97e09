import { type Static, Type } from '@sinclair/typebox'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Desired } from '../../manifests/desired.ts'
import { leastStorageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes, millicoresOf } from '../../sizing/quantity.ts'
import { optionChanges } from '../options/desire.ts'
import { literals } from '../record/literals.ts'

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
function inPlaceReasons(from: Desired, to: Desired, { capabilities, node, restartDue }: Facts): Reason[] {
  const shrinks = bytesOf(to.ramSize)! < bytesOf(from.ramSize)!
  const reasons: Reason[] = []
  if (restartDue) reasons.push({ code: 'RestartUnderWay', message: 'a restart is under way and cannot be called back' })
  if (!capabilities.resizePods) {
    reasons.push({ code: 'ResizeNotAvailable', message: 'the cluster does not let this service resize a running pod' })
  } else if (shrinks && !capabilities.shrinkPods) {
    reasons.push({ code: 'ShrinkNotAvailable', message: 'less memory without a restart needs Kubernetes 1.34' })
  }
  if (node && !fits(to, node)) {
    reasons.push({
      code: 'NodeTooSmall',
      message: `the node of the pod has ${formatBytes(node.memory)} for pods in all`,
    })
  }
  return reasons
}

function volumeObstacles({ storageSize }: Desired, { claim }: Facts): Reason[] {
  if (claim === undefined) return []
  const wanted = `the volume would have to grow from ${formatBytes(claim.capacity)} to ${storageSize}`
  if (claim.phase !== 'Bound') return [{ code: 'ClaimNotBound', message: `${wanted}, but its claim is ${claim.phase}` }]
  if (claim.expandable || claim.capacity >= bytesOf(storageSize)!) return []
  const name = JSON.stringify(claim.storageClass ?? '')
  return [{ code: 'ClassNotExpandable', message: `${wanted}, but its storage class ${name} does not allow expansion` }]
}

/** Sizes that no node can ever hold; and for a restart, sizes for which no node has room now: the new pod would not start. */
function roomObstacles(to: Desired, { node, elsewhere, runs }: Facts, restarts: boolean): Reason[] {
  if (!runs || node === undefined || elsewhere === undefined) return []
  const size = `${to.ramSize} of RAM and ${to.cpu.request} of CPU`
  if (!fits(to, node) && !elsewhere.some((one) => fits(to, one))) {
    return [{ code: 'NoNodeLargeEnough', message: `no node can hold ${size}` }]
  }
  if (restarts && !hasRoom(to, node) && !elsewhere.some((one) => hasRoom(to, one))) {
    return [{ code: 'NoRoom', message: `no node has room for ${size} now, so the new pod would not start` }]
  }
  return []
}

const fits = ({ ramSize, cpu }: Desired, room: Room) =>
  bytesOf(ramSize)! <= room.memory && millicoresOf(cpu.request)! <= room.cpu

const hasRoom = ({ ramSize, cpu }: Desired, room: Room) =>
  bytesOf(ramSize)! <= room.memoryFree && millicoresOf(cpu.request)! <= room.cpuFree

function notes(to: Desired, { node, usage }: Facts, restarts: boolean): Reason[] {
  const ram = bytesOf(to.ramSize)!
  const storage = bytesOf(to.storageSize)!
  const found: Reason[] = []
  if (storage > leastStorageFor(ram) && to.options.storage.size === null) {
    const needed = formatBytes(leastStorageFor(ram))
    found.push({
      code: 'StorageKept',
      message: `storage stays at ${to.storageSize}, as a volume cannot shrink; this RAM needs ${needed}`,
    })
  }
  if (!restarts && node && fits(to, node) && !hasRoom(to, node)) {
    found.push({
      code: 'NodeBusy',
      message: 'the node has no room now; the change waits for it, and is taken back if none comes in time',
    })
  }
  if (!restarts && usage !== undefined && usage > ram) {
    found.push({
      code: 'UsageAboveLimit',
      message: `the database uses ${formatBytes(usage)} now; the change waits until it uses less`,
    })
  }
  return found
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
