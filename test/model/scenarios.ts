import { liveNamespace, observed } from '../helpers/observed.ts'
import { timeOf } from '../unit/tenants/fake-workloads.ts'
import { leftOf } from '../unit/tenants/resizing-world.ts'
import {
  claimNamespace,
  evict,
  postSecret,
  purge,
  removeDeployment,
  removeQuota,
  resize,
  restart,
  resume,
  rotateKey,
  secretOf,
  softDelete,
  specOf,
  stageKey,
  suspend,
  timeUp,
  undelete,
} from './commands.ts'
import type { Cluster, Step } from './controllers.ts'
import type { Objects, Replica, State } from './state.ts'

/** What callers ask for, one after the other, and the harms that may each be done once at any moment. */
export type Scenario = {
  name: string
  asks: Step[]
  harms?: Step[]
  cluster?: Partial<Cluster>
  /** `new`: there is no tenant yet. `leftover`: an earlier size has left a ReplicaSet behind. */
  from?: 'new' | 'leftover'
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'resize in place, and back', asks: [resize(4), resize(2)] },
  { name: 'resize in place, pod taken away', asks: [resize(4)], harms: [evict] },
  { name: 'resize in place, time up', asks: [resize(4)], harms: [timeUp] },
  { name: 'resize in place, an older ReplicaSet left', asks: [resize(4)], from: 'leftover' },
  {
    name: 'resize in place, annotations not copied',
    asks: [resize(4), restart],
    cluster: { copiesAnnotations: false },
  },
  { name: 'resize in place, node too small', asks: [resize(4)], harms: [evict], cluster: { nodeRam: 2 } },
  { name: 'resize in place, volume does not grow', asks: [resize(4)], cluster: { growsVolumes: false } },
  { name: 'resize by a restart, then in place', asks: [resize(4, 'restart'), resize(1)] },
  { name: 'resize by a restart, time up', asks: [resize(4, 'restart')], harms: [timeUp] },
  { name: 'suspend, resume', asks: [suspend, resume], harms: [evict] },
  { name: 'delete, undelete', asks: [softDelete, undelete] },
  { name: 'restart, quota removed', asks: [restart], harms: [removeQuota] },
  { name: 'restart, Deployment removed', asks: [restart], harms: [removeDeployment] },
  { name: 'rotate the key', asks: [stageKey, rotateKey] },
  { name: 'rotate the key, time up', asks: [stageKey, rotateKey], harms: [timeUp] },
  { name: 'create, resize', asks: [claimNamespace(2), postSecret, resize(4)], from: 'new' },
  { name: 'create, pod taken away', asks: [claimNamespace(2), postSecret], harms: [evict], from: 'new' },
  { name: 'purge, create the same', asks: [purge, claimNamespace(2), postSecret] },
  { name: 'purge, create a smaller one', asks: [purge, claimNamespace(1), postSecret] },
]

/** A tenant of 2Gi that rests, or none; two replicas that know all of it. */
export function beginningOf({ from }: Scenario): State {
  const isNew = from === 'new'
  const spec = specOf(2)
  const namespace = { ...liveNamespace(spec), metadata: { ...liveNamespace(spec).metadata, annotations: {} } }
  const { namespace: _, secretExists: _known, ...objects } = observed(spec)
  const live: Objects = isNew
    ? { replicaSets: [], pods: [] }
    : { ...(stamped(objects) as Objects), record: { namespace: stamped(namespace), spec } }
  const replica: Replica = { seen: live, toRead: [], fresh: [], writes: [], admissions: {} }
  if (from === 'leftover') live.replicaSets = [leftOf(specOf(4)), ...live.replicaSets]
  const { deployment, replicaSets } = live
  return {
    live,
    ...(isNew ? {} : { secret: secretOf(spec), keys: { 'uid-of-pod-1': `key-${spec.operation.id}` } }),
    made: 0,
    controllers: { deployment, replicaSets, counted: replicaSets },
    replicas: [replica, replica],
    asked: 0,
    harms: [],
    keys: isNew ? {} : { 'uid-of-pod-1': `key-${spec.operation.id}` },
    stops: 0,
    replaced: 0,
  }
}

/** As of a tenant that was made long before all else that is made here. */
function stamped<T>(value: T): T {
  if (Array.isArray(value)) return value.map(stamped) as T
  const { metadata, ...rest } = value as { metadata?: object }
  if (metadata) return { ...value, metadata: { ...metadata, creationTimestamp: timeOf(-3600) } } as T
  return Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, one && stamped(one)])) as T
}
