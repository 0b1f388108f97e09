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
import { canonical, served } from '../../helpers/observed.ts'

const REWRITTEN = 'fluxiondb.com/rewritten-fields'

type Workload = V1Deployment | V1ReplicaSet | V1Pod

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
  #version = 1000

  constructor(deployment: V1Deployment | undefined, replicaSets: readonly V1ReplicaSet[], pods: readonly V1Pod[]) {
    this.deployment = deployment
    this.replicaSets = replicaSets
    this.pods = pods
  }

  /**
   * @returns what became of a Deployment that was applied, if that changed nothing
   * @throws ConflictError; Error if another act changes nothing
   */
  do(act: Act): V1Deployment | undefined {
    const before = this.#version
    if (act.do === 'dry-run') return undefined
    if (act.do === 'apply') this.#apply(act.object as V1Deployment, act.resourceVersion)
    else if (act.do === 'resize-pod') this.#resize(act)
    else if (act.do === 'patch-replica-set') this.#patchReplicaSet(act)
    else if (act.do === 'delete-replica-set') this.deleteReplicaSet(this.#current(this.replicaSets, act))
    else if (act.do === 'delete-pod') this.deletePod(this.#current(this.pods, act))
    else throw new Error(`no act on workloads: ${act.do}`)
    if (this.#version !== before) return undefined
    if (act.do === 'apply') return this.deployment
    throw new Error(`it was in vain: ${JSON.stringify(act)}`)
  }

  #apply(object: V1Deployment, resourceVersion: string | undefined): void {
    const live = this.deployment
    if (live?.metadata?.resourceVersion !== resourceVersion) throw new ConflictError('Deployment')
    const stored = this.stored(object)
    if (live) this.update(live, stored)
    else this.deployment = { ...stored, metadata: { ...stored.metadata, ...this.#identity(`uid-${this.#version}`) } }
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
    const next = { ...written, metadata: { ...written.metadata, generation, resourceVersion: this.#next() } }
    const replace = <O extends Workload>(one: O) => (one === live ? (next as Workload as O) : one)
    this.replicaSets = this.replicaSets.map(replace)
    this.pods = this.pods.map(replace)
    this.deployment &&= replace(this.deployment)
  }

  add(made: V1ReplicaSet | V1Pod): void {
    const name = `${made.kind}-${this.#version}`
    const added = { ...made, metadata: { ...made.metadata, name, ...this.#identity(`uid-of-${name}`) } }
    if (made.kind === 'Pod') this.pods = [...this.pods, added as V1Pod]
    else this.replicaSets = [...this.replicaSets, added as V1ReplicaSet]
  }

  /** The garbage collector takes the pods of a ReplicaSet along. */
  deleteReplicaSet(one: V1ReplicaSet): void {
    this.replicaSets = this.replicaSets.filter((live) => live !== one)
    this.pods = this.pods.filter((pod) => !isOwnedBy(pod, one))
    this.#next()
  }

  deletePod(one: V1Pod): void {
    this.pods = this.pods.filter((live) => live !== one)
    this.#next()
  }

  #identity(uid: string) {
    return { uid, generation: 1, resourceVersion: this.#next() }
  }

  #next(): string {
    return String(++this.#version)
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
