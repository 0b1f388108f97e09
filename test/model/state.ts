import type {
  V1Deployment,
  V1Ingress,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1ResourceQuota,
  V1RoleBinding,
  V1Secret,
  V1Service,
} from '@kubernetes/client-node'
import type { Admission } from '../../src/tenants/decide/admission.ts'
import type { Act } from '../../src/tenants/decide/decide.ts'
import type { Observed } from '../../src/tenants/observe/observed.ts'
import type { Failure } from '../../src/tenants/record/operation.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import type { Views } from '../unit/tenants/fake-controllers.ts'

/** The objects of one tenant, as the API server holds them, or as a watch has told of them. */
export type Objects = {
  record?: { namespace: V1Namespace; spec: Spec } | undefined
  deployment?: V1Deployment | undefined
  replicaSets: readonly V1ReplicaSet[]
  pods: readonly V1Pod[]
  claim?: V1PersistentVolumeClaim | undefined
  quota?: V1ResourceQuota | undefined
  service?: V1Service | undefined
  roleBinding?: V1RoleBinding | undefined
  networkPolicy?: V1NetworkPolicy | undefined
  ingress?: V1Ingress | undefined
}

/** What a replica is about to write: an act, how an operation has ended, or that the record is newer than what was written for it. */
export type Write = Act | { do: 'finish'; spec: Spec; failure?: Failure } | { do: 'raise'; fence: number }

/** One replica of the service in the middle of its work. */
export type Replica = {
  seen: Objects
  /** The resources that it is about to read anew, and those that it has read for this decision. */
  toRead: readonly string[]
  fresh: readonly string[]
  writes: readonly Write[]
  /** By the uid of the Deployment. */
  admissions: Readonly<Record<string, Admission>>
}

/** The whole of the model at one moment. Nothing in it is ever changed: each step makes another. */
export type State = {
  live: Objects
  secret?: V1Secret | undefined
  /** How many objects were ever made. */
  made: number
  controllers: Views
  replicas: readonly [Replica, Replica]
  /** How many of the scenario's commands were given, and the harms that were done. */
  asked: number
  harms: readonly string[]
  /** The operation whose time is up. */
  overdue?: string
  /** The key that each pod was started with, by its uid. */
  keys: Readonly<Record<string, string>>
  /** How often the database was asked to stop, and how often a controller took its pod away. */
  stops: number
  replaced: number
}

export function observedOf({ record, ...objects }: Objects): Observed | undefined {
  if (record === undefined) return undefined
  const { deployment, claim, quota, service, roleBinding, networkPolicy, ingress } = objects
  return {
    namespace: record.namespace,
    replicaSets: objects.replicaSets,
    pods: objects.pods,
    ...{ deployment, claim, quota, service, roleBinding, networkPolicy, ingress },
    secretExists: undefined,
  }
}

export function withReplica(state: State, index: 0 | 1, changes: Partial<Replica>): State {
  const replicas = [...state.replicas] as [Replica, Replica]
  replicas[index] = { ...replicas[index], ...changes }
  return { ...state, replicas }
}

/** Writes the record under a new version of its namespace. */
export function withRecord(state: State, spec: Spec): State {
  const { record } = state.live
  if (record === undefined || record.spec === spec) return state
  const { metadata } = record.namespace
  const resourceVersion = String(Number(metadata?.resourceVersion) + 1)
  const namespace = { ...record.namespace, metadata: { ...metadata, resourceVersion } }
  return { ...state, live: { ...state.live, record: { namespace, spec } } }
}

const ids = new WeakMap<object, number>()
const texts = new Map<string, number>()

/** One number for all that say the same. */
function idOf(object: object): number {
  const known = ids.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  const id = texts.get(text) ?? texts.size
  texts.set(text, id)
  ids.set(object, id)
  return id
}

const idsOf = (object: object): string =>
  Object.entries(object)
    .map(([name, value]) => {
      if (value === undefined) return ''
      if (Array.isArray(value)) return `${name}[${value.map((one) => (typeof one === 'object' ? idOf(one) : one))}]`
      return `${name}${typeof value === 'object' ? idOf(value) : value}`
    })
    .join()

/** The same for two states exactly if nothing can tell them apart. */
export function keyOfState({ live, controllers, replicas, secret, keys, ...counts }: State): string {
  const ofReplicas = replicas.map((replica) => keyOfReplica(replica))
  return [objectsKey(live), idsOf(controllers), ...ofReplicas, idsOf({ secret, keys, ...counts })].join('|')
}

export function keyOfReplica({ seen, ...rest }: Partial<Replica> & { seen: Objects }, overdue = ''): string {
  return `${objectsKey(seen)};${idsOf(rest)};${overdue}`
}

function objectsKey({ record, ...objects }: Objects): string {
  const { namespace, spec } = record ?? {}
  return idsOf({ namespace, spec, ...objects })
}
