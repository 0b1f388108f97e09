import { isDeepStrictEqual } from 'node:util'
import type {
  V1Deployment,
  V1Pod,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1ResourceRequirements,
} from '@kubernetes/client-node'
import { CONTAINER_NAME } from '../../../src/manifests/names.ts'
import type { Act } from '../../../src/tenants/decide/decide.ts'
import { isTerminating } from '../../../src/tenants/observe/observed.ts'
import { canonical, served, terminating } from '../../helpers/observed.ts'

const REWRITTEN = 'fluxiondb.com/rewritten-fields'

/** What a pod is given to end if nobody says less. */
const GRACE_SECONDS = 20

type Workload = V1Deployment | V1ReplicaSet | V1Pod

/** When the so manieth object was made: one a second. */
export const timeOf = (made: number) => new Date(Date.parse('2026-01-01T02:00:00Z') + made * 1000)

/** The object has been changed or deleted since it was read. */
export class ConflictError extends Error {
  override name = 'ConflictError'
}

/**
 * Stands in for the API server, as far as Deployment, ReplicaSets and pods of one tenant go. Objects are replaced, never changed,
 * so that what was read stays as it was read. Every write names the version that it was decided on.
 */
export class FakeWorkloads {
  deployment: V1Deployment | undefined
  replicaSets: readonly V1ReplicaSet[]
  pods: readonly V1Pod[]
  /** What a policy makes of every Deployment that is written. */
  policy: (written: V1Deployment) => V1Deployment = (written) => written
  /** Whether a quota lets no second pod in. */
  isGuarded = true
  /** How many objects were made here: what tells their names and uids apart. */
  made: number

  constructor(
    deployment: V1Deployment | undefined,
    replicaSets: readonly V1ReplicaSet[],
    pods: readonly V1Pod[],
    made = 0,
  ) {
    this.deployment = deployment
    this.replicaSets = replicaSets
    this.pods = pods
    this.made = made
  }

  /**
   * @returns what became of a Deployment that was applied, if that changed nothing
   * @throws ConflictError; Error if another act changes nothing
   */
  do(act: Act): V1Deployment | undefined {
    const before = [this.deployment, this.replicaSets, this.pods]
    if (act.do === 'dry-run') return undefined
    if (act.do === 'apply') this.#apply(act.object as V1Deployment, act.resourceVersion)
    else if (act.do === 'resize-pod') this.#resize(act)
    else if (act.do === 'patch-replica-set') this.#patchReplicaSet(act)
    else if (act.do === 'delete-replica-set') this.deleteReplicaSet(this.#current(this.replicaSets, act))
    else if (act.do === 'delete-pod') return this.#hasten(act)
    else throw new Error(`no act on workloads: ${act.do}`)
    if ([this.deployment, this.replicaSets, this.pods].some((now, index) => now !== before[index])) return undefined
    if (act.do === 'apply') return this.deployment
    throw new Error(`it was in vain: ${JSON.stringify(act)}`)
  }

  #apply(object: V1Deployment, resourceVersion: string | undefined): void {
    const live = this.deployment
    if (live?.metadata?.resourceVersion !== resourceVersion) throw new ConflictError('Deployment')
    const stored = this.stored(object)
    if (live) this.update(live, stored)
    else this.deployment = { ...stored, metadata: { ...stored.metadata, ...this.#identity('Deployment') } }
  }

  /** What would be stored of a Deployment that is applied to the live one. */
  stored(object: V1Deployment): V1Deployment {
    const live = this.deployment
    const applied = served(object)
    if (live === undefined) return this.policy(applied)
    const { paused: _, ...kept } = live.spec ?? {}
    const { [REWRITTEN]: _noted, ...notes } = live.metadata?.annotations ?? {}
    const metadata = {
      ...live.metadata,
      labels: { ...live.metadata?.labels, ...applied.metadata?.labels },
      annotations: { ...notes, ...applied.metadata?.annotations },
    }
    return this.policy({ ...live, metadata, spec: { ...kept, ...applied.spec! } })
  }

  #resize(act: Act & { do: 'resize-pod' }): void {
    const pod = this.#current(this.pods, act)
    this.update(pod, { ...pod, spec: resized(pod.spec!, act.size) as NonNullable<V1Pod['spec']> })
  }

  /** It may be ending already, as fast or faster. */
  #hasten({ graceSeconds, ...named }: Act & { do: 'delete-pod' }): undefined {
    this.deletePod(this.#current(this.pods, named), graceSeconds)
  }

  #patchReplicaSet(act: Act & { do: 'patch-replica-set' }): void {
    const live = this.#current(this.replicaSets, act)
    const annotations = { ...live.metadata?.annotations, 'fluxiondb.com/spec-generation': String(act.fence) }
    const { template } = live.spec!
    const spec = { ...live.spec!, template: { ...template!, spec: resized(template!.spec!, act.size) } }
    this.update(live, { ...live, metadata: { ...live.metadata, annotations }, spec })
  }

  #current<T extends V1ReplicaSet | V1Pod>(all: readonly T[], { name, ...wanted }: Named): T {
    const live = all.find(({ metadata }) => metadata?.name === name)
    const { uid, resourceVersion } = live?.metadata ?? {}
    const isSame = (wanted.uid ?? uid) === uid && (wanted.resourceVersion ?? resourceVersion) === resourceVersion
    if (live === undefined || !isSame) throw new ConflictError(name)
    return live
  }

  /**
   * Writes what has changed since `read`; a change of the spec raises the generation.
   * @throws ConflictError if `read` is not what is live
   */
  update<T extends Workload>(read: T, written: T): void {
    const all: readonly Workload[] = [...this.replicaSets, ...this.pods, ...(this.deployment ? [this.deployment] : [])]
    const live = all.find(({ metadata }) => metadata?.uid === read.metadata?.uid)
    if (live?.metadata?.resourceVersion !== read.metadata?.resourceVersion) throw new ConflictError(`${read.kind}`)
    if (isDeepStrictEqual(read, written)) return
    const raised = isDeepStrictEqual(read.spec, written.spec) ? 0 : 1
    const generation = (read.metadata?.generation ?? 0) + raised
    const resourceVersion = String(Number(live?.metadata?.resourceVersion) + 1)
    const next = { ...written, metadata: { ...written.metadata, generation, resourceVersion } }
    const replace = <O extends Workload>(one: O) => (one === live ? (next as Workload as O) : one)
    this.replicaSets = this.replicaSets.map(replace)
    this.pods = this.pods.map(replace)
    this.deployment &&= replace(this.deployment)
  }

  add(made: V1ReplicaSet | V1Pod): void {
    const identity = this.#identity(made.kind!)
    const added = { ...made, metadata: { ...made.metadata, name: identity.uid.slice('uid-of-'.length), ...identity } }
    if (made.kind === 'Pod') this.pods = [...this.pods, added as V1Pod]
    else this.replicaSets = [...this.replicaSets, added as V1ReplicaSet]
  }

  /** The garbage collector takes the pods of a ReplicaSet along. */
  deleteReplicaSet(one: V1ReplicaSet): void {
    this.replicaSets = this.replicaSets.filter((live) => live !== one)
    for (const pod of this.pods.filter((pod) => isOwnedBy(pod, one))) this.deletePod(pod)
  }

  /** It ends, and still writes until its kubelet has seen to it. */
  deletePod(one: V1Pod, graceSeconds = GRACE_SECONDS): void {
    if (isTerminating(one) && one.metadata!.deletionGracePeriodSeconds! <= graceSeconds) return
    const ending = terminating(one)
    this.update(one, { ...ending, metadata: { ...ending.metadata, deletionGracePeriodSeconds: graceSeconds } })
  }

  removePod(one: V1Pod): void {
    this.pods = this.pods.filter((live) => live !== one)
  }

  #identity(kind: string) {
    const creationTimestamp = timeOf(this.made)
    return { uid: `uid-of-${kind}-${this.made++}`, generation: 1, resourceVersion: '1', creationTimestamp }
  }
}

type Named = { name: string; uid?: string; resourceVersion?: string }

export function isOwnedBy({ metadata }: V1Pod, owner: V1ReplicaSet): boolean {
  return metadata?.ownerReferences?.some(({ uid }) => uid === owner.metadata?.uid) === true
}

/** As a strategic merge does it: null takes away. */
function resized(spec: NonNullable<V1PodTemplateSpec['spec']>, size: V1ResourceRequirements) {
  const merged = (live: object = {}, change: object = {}) =>
    Object.fromEntries(Object.entries({ ...live, ...change }).filter(([, value]) => value !== null))
  const containers = spec.containers.map((one) => {
    if (one.name !== CONTAINER_NAME) return one
    const { requests, limits } = one.resources ?? {}
    const resources = { requests: merged(requests, size.requests), limits: merged(limits, size.limits) }
    return { ...one, resources: canonical(resources) as V1ResourceRequirements }
  })
  return { ...spec, containers }
}
