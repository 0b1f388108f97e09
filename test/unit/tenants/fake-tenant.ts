import { isDeepStrictEqual } from 'node:util'
import type { V1ManagedFieldsEntry, V1Service } from '@kubernetes/client-node'
import type { Appliable } from '../../../src/kubernetes/apply.ts'
import { FIELD_MANAGER } from '../../../src/manifests/labels.ts'
import { isMerged, writtenIn } from '../../../src/manifests/merge.ts'
import type { Admission } from '../../../src/tenants/decide/admission.ts'
import type { Act } from '../../../src/tenants/decide/decide.ts'
import { isTerminating, type Observed } from '../../../src/tenants/observe/observed.ts'
import { mergePatch } from '../../../src/tenants/options/settle.ts'
import type { Spec } from '../../../src/tenants/record/spec.ts'
import { served, terminating } from '../../helpers/observed.ts'
import { FakeControllers } from './fake-controllers.ts'
import { ConflictError, FakeWorkloads, timeOf } from './fake-workloads.ts'

type Part = Exclude<keyof Observed, 'namespace' | 'deployment' | 'replicaSets' | 'pods' | 'secretExists'>
const PARTS: Record<string, Part> = {
  Ingress: 'ingress',
  NetworkPolicy: 'networkPolicy',
  PersistentVolumeClaim: 'claim',
  ResourceQuota: 'quota',
  RoleBinding: 'roleBinding',
  Service: 'service',
}

/** A roll takes some: down, up, and the pod ready. */
const ROUNDS_TO_SETTLE = 8
const OPTIONS = { copiesAnnotations: true }

/**
 * Stands in for the API server and the controllers of one tenant: takes what is applied as server-side apply and merge patches do.
 * As the real one does, it refuses a write that was decided on another version or asks an unbound claim for more, fills in
 * fields of its own, and charges them to whoever writes beside them. A write that changes nothing is an error here.
 */
export class FakeTenant {
  spec: Spec
  observed: Observed
  /** How many objects were made here. */
  made: number
  readonly admissions = new Map<string, Admission>()

  constructor(spec: Spec, observed: Observed, made = 0) {
    this.spec = spec
    this.observed = observed
    this.made = made
  }

  /** @throws ConflictError if the act was not decided on what is live */
  do(act: Act): void {
    switch (act.do) {
      case 'commit':
        this.spec = { ...this.spec, committed: true }
        return
      case 'dry-run':
        this.#try(act)
        return
      case 'delete-namespace':
        if (this.observed.namespace.metadata?.uid !== act.uid) throw new ConflictError('another namespace was meant')
        this.#set({ namespace: terminating(this.observed.namespace) })
        return
      case 'delete': {
        const part = PARTS[act.kind]!
        if (this.observed[part]?.metadata?.uid !== act.uid) throw new ConflictError(`another ${act.kind} was meant`)
        this.#set({ [part]: undefined })
        return
      }
      default:
        if (act.do === 'apply' && act.object.kind !== 'Deployment') this.#apply(act)
        else this.#onWorkloads((workloads) => workloads.do(act))
    }
  }

  /** No policy changes anything here. */
  #try({ object, uid, resourceVersion }: Act & { do: 'dry-run' }): void {
    const { deployment, replicaSets, pods } = this.observed
    const stored = new FakeWorkloads(deployment, replicaSets, pods).stored(object)
    this.admissions.set(uid, { resourceVersion, manifest: JSON.stringify(object), stored })
  }

  #apply({ object, resourceVersion }: Act & { do: 'apply' }): void {
    const part = PARTS[object.kind!]!
    const live = this.observed[part]
    const version = live?.metadata?.resourceVersion
    if (version !== resourceVersion)
      throw new ConflictError(`${part}: decided on ${resourceVersion}, but it is ${version}`)
    if (isTerminating(live)) throw new ConflictError(`${part} is going`)
    if (part === 'claim' && live && this.observed.claim?.status?.phase !== 'Bound') throw new Error('it is not bound')
    const made = withDefaults(
      live === undefined
        ? served(object)
        : ((isMerged(object.kind) ? mergePatch(live, object) : merge(live, served(object))) as typeof object),
    )
    made.metadata = { ...made.metadata, managedFields: [accountOf(live, made)] }
    if (live && isDeepStrictEqual(contentOf(live), contentOf(made))) throw new Error(`${part}: it was in vain`)
    made.metadata = {
      ...made.metadata,
      creationTimestamp: live ? live.metadata!.creationTimestamp! : timeOf(this.made),
      uid: live?.metadata?.uid ?? `uid-of-${part}-${this.made++}`,
      resourceVersion: String(Number(version ?? 100) + 1),
      generation: (live?.metadata?.generation ?? 0) + 1,
    }
    this.#set({ [part]: made })
  }

  /** Lets the controllers, the kubelet and the storage driver do all that they would do by now. */
  settle(): void {
    for (const part of Object.values(PARTS)) if (isTerminating(this.observed[part])) this.#set({ [part]: undefined })
    const { namespace, claim, deployment, replicaSets, pods } = this.observed
    // Nothing is made in a namespace that is going.
    if (isTerminating(namespace)) {
      this.#set({ pods: pods.filter((pod) => !isTerminating(pod)) })
      return
    }
    if (claim) {
      const capacity = { storage: claim.spec!.resources!.requests!.storage! }
      this.#set({ claim: { ...claim, status: { phase: 'Bound', capacity } } })
    }
    const isGone = deployment === undefined || isTerminating(deployment)
    if (isGone) this.#set({ deployment: undefined, replicaSets: [], pods: [] })
    else this.#set({ pods: pods.filter((pod) => !isTerminating(pod) && replicaSets.length > 0) })
    this.#onWorkloads((workloads) => {
      for (let round = 0; round < ROUNDS_TO_SETTLE; round++) new FakeControllers(workloads, OPTIONS).doAll()
    })
  }

  #onWorkloads(work: (workloads: FakeWorkloads) => void): void {
    const { deployment, replicaSets, pods } = this.observed
    const workloads = new FakeWorkloads(deployment, replicaSets, pods, this.made)
    work(workloads)
    this.made = workloads.made
    this.#set({ deployment: workloads.deployment, replicaSets: workloads.replicaSets, pods: workloads.pods })
  }

  #set(changes: Partial<Observed>): void {
    this.observed = { ...this.observed, ...changes }
  }
}

/** What the server fills in: a Service that is reached from outside says how. */
function withDefaults<T extends Appliable>(object: T): T {
  if (object.kind !== 'Service') return object
  const { externalTrafficPolicy: _, ...spec } = (object as V1Service).spec!
  return { ...object, spec: spec.type === 'ClusterIP' ? spec : { ...spec, externalTrafficPolicy: 'Cluster' } }
}

/** The fields that our writes have changed by now, those that were filled in beside them too. */
export function accountOf(live: Appliable | undefined, made: Appliable): V1ManagedFieldsEntry {
  const fields = (path: 'spec' | 'annotations') => {
    const of = (object: Appliable | undefined): object =>
      (path === 'spec' ? (object as V1Service | undefined)?.spec : object?.metadata?.annotations) ?? {}
    const [before, after] = [Object.entries(of(live)), Object.entries(of(made))]
    const ours = new Set(live ? writtenIn(live, path === 'spec' ? ['spec'] : ['metadata', 'annotations']) : [])
    const isOurs = ([key, value]: [string, unknown]) =>
      ours.has(key) || !before.some(([name, old]) => name === key && isDeepStrictEqual(old, value))
    return Object.fromEntries(after.filter(isOurs).map(([key]) => [`f:${key}`, {}]))
  }
  const fieldsV1 = { 'f:metadata': { 'f:annotations': fields('annotations') }, 'f:spec': fields('spec') }
  return { manager: FIELD_MANAGER, operation: 'Update', fieldsV1 }
}

function contentOf(object: Appliable): unknown {
  const { resourceVersion: _, generation: _generation, managedFields: _fields, ...metadata } = object.metadata!
  return { ...object, metadata }
}

/** As server-side apply merges: maps field by field, lists with names item by item, other lists as a whole. */
function merge(live: unknown, applied: unknown): unknown {
  if (Array.isArray(applied)) {
    if (!Array.isArray(live) || !applied.every((item) => item?.name !== undefined)) return applied
    const others = live.filter((item) => !applied.some(({ name }) => name === item.name))
    return [
      ...applied.map((item) =>
        merge(
          live.find(({ name }) => name === item.name),
          item,
        ),
      ),
      ...others,
    ]
  }
  if (applied === null || typeof applied !== 'object') return applied
  if (live === null || typeof live !== 'object' || Array.isArray(live)) return applied
  const fields = Object.entries(applied).map(([key, value]) => [
    key,
    merge((live as Record<string, unknown>)[key], value),
  ])
  return { ...live, ...Object.fromEntries(fields) }
}
