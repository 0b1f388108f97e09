import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node'
import fc from 'fast-check'
import type { Admission } from '../../../src/tenants/decide/admission.ts'
import type { Act, Decision } from '../../../src/tenants/decide/decide.ts'
import { decideDeployment } from '../../../src/tenants/decide/decide-deployment.ts'
import { type Spec, tenantOf } from '../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../fixtures/tenants.ts'
import { aSpec, liveDeployment, liveReplicaSet, readyPod } from '../../helpers/observed.ts'
import type { ClusterPolicy } from '../../helpers/resizing.ts'
import { FakeControllers, PARTS } from './fake-controllers.ts'
import { ConflictError, FakeWorkloads } from './fake-workloads.ts'

const SIZES = [
  { ramSize: '1Gi', cpu: { request: '500m', limit: '1000m' } },
  { ramSize: '2Gi', cpu: { request: '750m', limit: '1500m' } },
  { ramSize: '4Gi', cpu: { request: '1000m', limit: '2000m' } },
] as const
/** Enough for both deciders to see everything through, had they only now begun. */
const ROUNDS_TO_END = 40
const CALLS_OF_A_PASS = 5

type Seen = { replicaSets: readonly V1ReplicaSet[]; deployment: V1Deployment | undefined; pods: readonly V1Pod[] }

/** A tenant, the controllers of its cluster, and two processes of ours that look after it. */
export class World {
  spec: Spec = aSpec({ generation: 4, desired: SIZES[0] })
  readonly live: FakeWorkloads
  readonly controllers: FakeControllers
  readonly deciders: readonly Decider[]
  restarts = 0

  constructor({ leftover, copiesAnnotations, policy = 'none' }: Scenario) {
    const { spec } = this
    const older = leftover === undefined ? [] : [leftOf(aSpec({ generation: 3, desired: SIZES[leftover]! }))]
    this.live = new FakeWorkloads(liveDeployment(spec), [...older, liveReplicaSet(spec)], [readyPod(spec)])
    this.live.policy = POLICIES[policy]
    this.controllers = new FakeControllers(this.live, { copiesAnnotations })
    this.deciders = [new Decider(this, { readsSpecFirst: false }), new Decider(this, { readsSpecFirst: true })]
    this.resize(1)
  }

  resize(size: number): void {
    this.#ask(SIZES[size]!)
  }

  restart(): void {
    this.restarts++
    this.#ask({ templateRevision: this.spec.desired.templateRevision + 1 })
  }

  #ask(desired: Partial<Spec['desired']>): void {
    this.spec = { ...this.spec, generation: this.spec.generation + 1, desired: { ...this.spec.desired, ...desired } }
  }

  evict(): void {
    for (const pod of this.live.pods) this.live.deletePod(pod)
  }

  /** Everybody does his part, and nobody is cut off. */
  end(): void {
    for (let round = 0; round < ROUNDS_TO_END; round++) {
      for (const decider of this.deciders) decider.step(CALLS_OF_A_PASS)
      this.controllers.doAll()
    }
  }
}

/** What the controller has scaled down so lately that it was not yet cleaned away. */
function leftOf(spec: Spec): V1ReplicaSet {
  const { metadata, ...replicaSet } = liveReplicaSet(spec, { name: 'rs-0' })
  const status = { replicas: 0, observedGeneration: 1 }
  return { ...replicaSet, metadata: { ...metadata, generation: 2 }, spec: { ...replicaSet.spec!, replicas: 0 }, status }
}

/**
 * One process: reads in the order of gather.ts, decides, acts. Each step is one call to the API server. One that reads the spec
 * first stands for whatever may make a spec older than what was seen with it.
 */
class Decider {
  readonly #world: World
  readonly #readsSpecFirst: boolean
  #seen: Partial<Seen> = {}
  #spec: Spec
  #calls = 0
  readonly #admissions = new Map<string, Admission>()
  last: Decision | undefined

  constructor(world: World, { readsSpecFirst }: { readsSpecFirst: boolean }) {
    this.#world = world
    this.#readsSpecFirst = readsSpecFirst
    this.#spec = world.spec
  }

  step(times: number): void {
    for (let time = 0; time < times; time++) this.#call()
  }

  #call(): void {
    const { live, spec } = this.#world
    const call = this.#calls++
    if (call === (this.#readsSpecFirst ? 0 : 3)) this.#spec = spec
    if (call === 0) this.#seen = { replicaSets: live.replicaSets }
    else if (call === 1) this.#seen.deployment = live.deployment
    else if (call === 2) this.#seen.pods = live.pods
    else if (call === CALLS_OF_A_PASS - 1) this.#act()
  }

  #act(): void {
    this.#calls = 0
    this.last = decideDeployment(tenantOf(this.#spec, CAPABILITIES), this.#seen as Seen, this.#admissions)
    try {
      if (this.last.next === 'act') for (const act of this.last.acts) this.#do(act)
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
  }

  #do(act: Act): void {
    const { live } = this.#world
    const kept = live.do(act)
    const stored = act.do === 'dry-run' ? live.stored(act.object) : kept
    const seen = this.#seen.deployment
    if (stored === undefined || seen === undefined || (act.do !== 'dry-run' && act.do !== 'apply')) return
    const { uid, resourceVersion } = seen.metadata as { uid: string; resourceVersion: string }
    this.#admissions.set(uid, { resourceVersion, manifest: JSON.stringify(act.object), stored })
  }

  /** The process ends; the next one begins from the start. */
  crash(): void {
    this.#calls = 0
    this.#admissions.clear()
  }
}

/** What policies, installed when the tenant is there already, make of a Deployment that is written. */
export const POLICIES: Record<'none' | 'takes CPU limits' | 'adds a label', ClusterPolicy> = {
  none: (written) => written,
  'takes CPU limits': (written) => {
    const changed = structuredClone(written)
    for (const { resources } of changed.spec!.template.spec!.containers) delete resources?.limits?.cpu
    return changed
  },
  'adds a label': (written) => {
    const changed = structuredClone(written)
    changed.spec!.template.metadata!.labels!['example.com/team'] = 'platform'
    return changed
  },
}

/** An earlier change may have left an older ReplicaSet. Whether the fence comes to ReplicaSets by itself must not matter. */
type Scenario = { leftover: number | undefined; copiesAnnotations: boolean; policy?: keyof typeof POLICIES }
export type Event = { name: string; run: (world: World) => void }

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  // Not the first size: of two equal ones the controller would have taken the older from the beginning.
  leftover: fc.constantFrom(undefined, 1, 2),
  copiesAnnotations: fc.boolean(),
})

/** Several calls in a row, so that one may do much while another does nothing. */
const passes = fc
  .record({ decider: fc.constantFrom(0, 1), times: fc.integer({ min: 1, max: 12 }) })
  .map(({ decider, times }) => event(`${times} calls by ${decider}`, ({ deciders }) => deciders[decider]!.step(times)))
const parts = fc.constantFrom(...PARTS.map((name) => event(name, ({ controllers }) => controllers[name]())))
const crashes = fc
  .constantFrom(0, 1)
  .map((decider) => event(`crash ${decider}`, (world) => world.deciders[decider]!.crash()))
const resizes = fc
  .nat(SIZES.length - 1)
  .map((size) => event(`resize to ${SIZES[size]!.ramSize}`, (world) => world.resize(size)))
const also = {
  evict: event('evict', (world) => world.evict()),
  restart: event('restart', (world) => world.restart()),
}

/** What may happen to a tenant while its size changes, in any order. */
export function eventsWith(...others: (keyof typeof also)[]): fc.Arbitrary<Event[]> {
  const one = fc.oneof(
    { arbitrary: passes, weight: 8 },
    { arbitrary: parts, weight: 12 },
    { arbitrary: crashes, weight: 1 },
    { arbitrary: resizes, weight: 1 },
    ...others.map((name) => ({ arbitrary: fc.constant(also[name]), weight: 1 })),
  )
  return fc.array(one, { maxLength: 150, size: 'max' })
}

/** One process is stopped in the middle of a pass; another takes over with another size, comes so far, and the first goes on. */
export const takeovers: fc.Arbitrary<Event[]> = fc
  .record({
    slow: fc.constantFrom(0, 1),
    passes: fc.nat(9),
    calls: fc.integer({ min: 1, max: CALLS_OF_A_PASS - 1 }),
    size: fc.constantFrom(0, 2),
    rivalPasses: fc.nat(12),
  })
  .map(({ slow, passes, calls, size, rivalPasses }) => {
    const by = (decider: number, times: number) =>
      event(`${times} calls by ${decider}`, ({ deciders }) => deciders[decider]!.step(times))
    const all = event('controllers', ({ controllers }) => controllers.doAll())
    const passesOf = (decider: number, times: number) =>
      Array(times)
        .fill([by(decider, CALLS_OF_A_PASS), all])
        .flat()
    return [
      ...passesOf(slow, passes),
      by(slow, calls),
      event(`resize to ${SIZES[size]!.ramSize}`, (world) => world.resize(size)),
      ...passesOf(1 - slow, rivalPasses),
      by(slow, CALLS_OF_A_PASS - calls),
    ]
  })

function event(name: string, run: Event['run']): Event {
  return { name, run }
}
