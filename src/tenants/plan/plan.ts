import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Desired } from '../../manifests/desired.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { optionChanges } from '../options/desire.ts'
import type { Plan, Strategy } from '../record/plan.ts'
import { inPlaceReasons } from './in-place.ts'
import { notes, roomObstacles, volumeObstacles } from './obstacles.ts'
import type { Placement } from './placement.ts'
import type { Refusals } from './refusals.ts'
import { NOT_FORESEEN, type Rewriting, rewritingNotes, rewritingObstacles } from './rewriting.ts'
import type { Fit } from './room.ts'

/** What is known of the tenant where it is now. Undefined: could not be found out. */
export type LocalFacts = {
  capabilities: Capabilities
  /** Whether a pod of the tenant runs now. */
  runs: boolean
  /** Whether the running pod's node is too old to resize it, though the API server takes the request. */
  nodeCannotResize: boolean
  /** Whether the sizes are of another quality-of-service class than the running pod. */
  changesQos: boolean
  /** Resources that differ and for whose change the running pod has its container restarted. */
  restartingResources: readonly string[]
  /** Whether an earlier change will start another pod, whatever this one does. */
  restartDue: boolean
  claim: { phase: string; storageClass: string | undefined; expandable: boolean; capacity: bigint } | undefined
  /** Whether the running pod's node could give it the sizes. */
  node: Fit | undefined
  /** Bytes that the database uses now. */
  usage: bigint | undefined
  /** What quotas and limit ranges of the namespace refuse. */
  refusals: Refusals
  /** What policies make of the Deployment; undefined: it stays as it is. */
  rewriting: Rewriting | undefined
}

/** ... and of the rest of the cluster, which is only looked at if a new pod needs a node. */
export type Facts = LocalFacts & { placement: Placement | undefined }

/**
 * What a caller asks for. The pod template is another one if the two differ in their `templateRevision`.
 * `force`: even if there is no room for the new pod now.
 */
export type Change = { from: Desired; to: Desired; strategy: Strategy; force: boolean }

const MOUNT_SECONDS = 5
const IN_PLACE_SECONDS = 3
const GROWTH_SECONDS = 10

/**
 * The plan for a change: what differs, whether it can be done, and what it will do to the running database.
 * Pure: the same facts give the same plan.
 */
export function planChange(change: Change, facts: Facts): Plan {
  const { from, to, strategy, force } = change
  const grows = bytesOf(to.storageSize)! > bytesOf(from.storageSize)!
  const renews = isRenewed(change)
  const touchesPod = renews || resizes(from, to)
  const pod = podIn(change, facts)
  const inPlace = facts.runs && !renews ? inPlaceReasons(from, to, facts) : []
  const unforeseen = pod === 'resized' && facts.rewriting === 'unknown' ? [NOT_FORESEEN] : []
  const room = pod === 'replaced' ? roomObstacles(to, facts.placement, force) : []
  const obstacles = [
    ...(grows ? volumeObstacles(to, facts) : []),
    ...facts.refusals.objects,
    ...(touchesPod ? rewritingObstacles(facts.rewriting) : []),
    ...(pod === 'resized' ? facts.refusals.inPlace : []),
    ...(pod === 'replaced' ? facts.refusals.restart : []),
    ...(force ? [] : room),
    ...(strategy === 'inPlace' ? [...inPlace, ...unforeseen] : []),
  ]
  const changes = changesOf(from, to)
  const isSame = changes.length === 0 && !renews
  const optionsDiffer = optionChanges(from.options, to.options).length > 0
  const mayRestart = strategy !== 'inPlace' && facts.runs && touchesPod
  return {
    feasible: obstacles.length === 0,
    strategy: renews ? 'restart' : strategy,
    expectedDisruption: pod === 'replaced' ? 'restart' : 'none',
    worstDisruption: mayRestart ? 'restart' : 'none',
    lossWindowSeconds: mayRestart ? lossWindow(from) : 0,
    changes,
    steps: isSame
      ? []
      : [
          ...(grows ? ['volume'] : []),
          ...(pod === 'resized' ? ['pod'] : []),
          ...(touchesPod || !optionsDiffer ? ['deployment'] : ['objects']),
          ...(facts.runs && touchesPod ? ['ready'] : []),
        ],
    reasons: [
      ...obstacles,
      ...(force ? room : []),
      ...(strategy === 'inPlace' || !touchesPod ? [] : inPlace),
      ...(strategy === 'inPlace' ? [] : unforeseen),
      ...(touchesPod ? rewritingNotes(facts.rewriting) : []),
      ...notes(from, to, facts, pod),
    ],
    expectedSeconds: isSame ? 0 : secondsFor(from, grows, pod),
  }
}

/** What a change makes of the running pod. */
export function podIn(change: Change, facts: LocalFacts): 'kept' | 'resized' | 'replaced' {
  const { from, to, strategy } = change
  if (!facts.runs || !(isRenewed(change) || resizes(from, to))) return 'kept'
  if (isRenewed(change) || strategy === 'restart') return 'replaced'
  return strategy === 'auto' && inPlaceReasons(from, to, facts).length > 0 ? 'replaced' : 'resized'
}

/** Options that change the pod template in more than sizes need a new pod, whatever else does. */
export function isRenewed({ from, to }: Change): boolean {
  return to.templateRevision !== from.templateRevision
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

export function resizes(from: Desired, to: Desired): boolean {
  return from.ramSize !== to.ramSize || from.cpu.request !== to.cpu.request || from.cpu.limit !== to.cpu.limit
}

function secondsFor({ options }: Desired, grows: boolean, pod: ReturnType<typeof podIn>): number {
  const seconds = { kept: 0, resized: IN_PLACE_SECONDS, replaced: options.flushInterval + 2 * MOUNT_SECONDS }
  return seconds[pod] + (grows ? GROWTH_SECONDS : 0)
}
