import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node'
import fc from 'fast-check'
import type { Admission } from '../../../src/tenants/decide/admission.ts'
import type { Act, Decision } from '../../../src/tenants/decide/decide.ts'
import { decideDeployment } from '../../../src/tenants/decide/decide-deployment.ts'
import { restsOn } from '../../../src/tenants/reconcile/confirm.ts'
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
/** A look at what is known, reading four resources anew, and the act with the last of them. */
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
    this.deciders = [new Decider(this), new Decider(this)]
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
      for (const decider of this.deciders) {
        for (const part of SEEN) decider.see(part)
        decider.step(CALLS_OF_A_PASS)
      }
      this.controllers.doAll()
    }
  }
}

/** What the controller has scaled down so lately that it was not yet cleaned away. */
export function leftOf(spec: Spec): V1ReplicaSet {
  const { metadata, ...replicaSet } = liveReplicaSet(spec, { name: 'rs-0' })
  const status = { replicas: 0, observedGeneration: 1 }
  return { ...replicaSet, metadata: { ...metadata, generation: 2 }, spec: { ...replicaSet.spec!, replicas: 0 }, status }
}

/** What a process can be told of, or read, by itself. */
export const SEEN = ['replicaSets', 'deployments', 'pods', 'namespaces'] as const
type Part = (typeof SEEN)[number]

/**
 * One process, with what its watches have told it, each resource by itself and whenever it comes: decides on that, reads anew what the
 * decision rests on, decides again, acts. Each step is one call to the API server.
 */
class Decider {
  readonly #world: World
  readonly #seen: Seen & { spec: Spec }
  #toRead: Part[] | undefined
  readonly #admissions = new Map<string, Admission>()
  last: Decision | undefined

  constructor(world: World) {
    const { live, spec } = world
    this.#world = world
    this.#seen = { replicaSets: live.replicaSets, deployment: live.deployment, pods: live.pods, spec }
  }

  step(times: number): void {
    for (let time = 0; time < times; time++) this.#call()
  }

  /** A watch tells of one resource. */
  see(part: Part): void {
    const { live, spec } = this.#world
    if (part === 'replicaSets') this.#seen.replicaSets = live.replicaSets
    if (part === 'deployments') this.#seen.deployment = live.deployment
    if (part === 'pods') this.#seen.pods = live.pods
    if (part === 'namespaces') this.#seen.spec = spec
  }

  #call(): void {
    if (this.#toRead === undefined) {
      this.#decide()
      this.#toRead = restsOn(this.last!, this.#seen.spec, {}) as Part[]
    } else {
      const [next, ...others] = this.#toRead
      this.see(next!)
      this.#toRead = others
      if (others.length === 0) this.#decide()
    }
    if (this.#toRead.length > 0) return
    this.#toRead = undefined
    this.#act()
  }

  #decide(): void {
    this.last = decideDeployment(tenantOf(this.#seen.spec, CAPABILITIES), this.#seen, this.#admissions)
  }

  #act(): void {
    try {
      if (this.last?.next === 'act') for (const act of this.last.acts) this.#do(act)
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
  }

  #do(act: Act): void {
    const { live } = this.#world
    const before = this.#seen.deployment
    const kept = live.do(act)
    const stored = act.do === 'dry-run' ? live.stored(act.object) : kept
    if (act.do !== 'dry-run') this.#takeIn(act)
    if (stored === undefined || before === undefined || (act.do !== 'dry-run' && act.do !== 'apply')) return
    const { uid, resourceVersion } = before.metadata as { uid: string; resourceVersion: string }
    this.#admissions.set(uid, { resourceVersion, manifest: JSON.stringify(act.object), stored })
  }

  /** The answer to a write tells of the object that was written, and of no other. */
  #takeIn(act: Act): void {
    const { live } = this.#world
    if (act.do === 'apply') this.#seen.deployment = live.deployment
    if (!('name' in act)) return
    const renewed = <T extends V1ReplicaSet | V1Pod>(seen: readonly T[], all: readonly T[]): T[] =>
      seen.flatMap((one) => {
        if (one.metadata?.name !== act.name) return [one]
        return all.filter(({ metadata }) => metadata?.uid === one.metadata?.uid)
      })
    this.#seen.replicaSets = renewed(this.#seen.replicaSets, live.replicaSets)
    if (act.do === 'resize-pod') this.#seen.pods = renewed(this.#seen.pods, live.pods)
  }

  /** The process ends; the next one begins with a list of everything. */
  crash(): void {
    this.#toRead = undefined
    this.#admissions.clear()
    for (const part of SEEN) this.see(part)
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
const looks = fc
  .record({ decider: fc.constantFrom(0, 1), part: fc.constantFrom(...SEEN) })
  .map(({ decider, part }) => event(`${decider} sees ${part}`, ({ deciders }) => deciders[decider]!.see(part)))
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
    { arbitrary: looks, weight: 12 },
    { arbitrary: crashes, weight: 1 },
    { arbitrary: resizes, weight: 1 },
    ...others.map((name) => ({ arbitrary: fc.constant(also[name]), weight: 1 })),
  )
  return fc.array(one, { maxLength: 200, size: 'max' })
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
    const all = event('controllers', (world) => {
      world.controllers.doAll()
      for (const decider of world.deciders) for (const part of SEEN) decider.see(part)
    })
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
