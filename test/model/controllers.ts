import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node'
import { keyOf } from '../../src/manifests/secret.ts'
import { claimSizes, isTerminating } from '../../src/tenants/observe/observed.ts'
import { FakeControllers, PARTS } from '../unit/tenants/fake-controllers.ts'
import { FakeWorkloads } from '../unit/tenants/fake-workloads.ts'
import type { State } from './state.ts'

/** How the cluster is: whether its volumes grow, and the largest RAM that its node can give (Gi). */
export type Cluster = { copiesAnnotations: boolean; growsVolumes: boolean; nodeRam: number }

export type Step = { name: string; run: (state: State) => State }

/** What the controllers, the kubelet and the storage driver do, each whenever it comes to it. */
export function controllersOf(cluster: Cluster): Step[] {
  const ofWorkloads = PARTS.map((part) => ({ name: part, run: (state: State) => runPart(state, cluster, part) }))
  return [
    ...ofWorkloads,
    { name: 'volumes', run: (state) => runVolume(state, cluster) },
    { name: 'garbage collector', run: collect },
    { name: 'namespace controller', run: emptyNamespace },
  ]
}

function runPart(state: State, { copiesAnnotations, nodeRam }: Cluster, part: (typeof PARTS)[number]): State {
  const { live, controllers: views } = state
  const isGoing = live.record === undefined || isTerminating(live.record.namespace)
  if (isGoing && (part === 'roll' || part === 'keepPods')) return state
  const workloads = new FakeWorkloads(live.deployment, live.replicaSets, live.pods, state.made)
  workloads.isGuarded = live.quota !== undefined
  const controllers = new FakeControllers(
    workloads,
    { copiesAnnotations, nodeRam, hasSecret: state.secret !== undefined },
    views,
  )
  controllers[part]()
  const { deployment, replicaSets, pods, made } = workloads
  return {
    ...state,
    live: { ...live, deployment, replicaSets, pods },
    made,
    controllers: controllers.views,
    replaced: state.replaced + controllers.replaced,
    keys: keysOf(state, pods),
  }
}

/** A container takes the key that is in the Secret when it starts. */
function keysOf({ keys, secret }: State, pods: readonly V1Pod[]): State['keys'] {
  const key = secret && keyOf(secret)
  const uids = pods
    .filter(({ status }) => status?.containerStatuses?.[0]?.state?.running)
    .map(({ metadata }) => metadata!.uid!)
  if (uids.every((uid) => uid in keys) && Object.keys(keys).length === uids.length) return keys
  return Object.fromEntries(uids.map((uid) => [uid, keys[uid] ?? key ?? 'none']))
}

/** A volume is made when its first pod comes, and grows when it is asked to. */
function runVolume(state: State, { growsVolumes }: Cluster): State {
  const { claim, pods } = state.live
  if (claim === undefined || isTerminating(claim)) return state
  const isBound = claim.status?.phase === 'Bound'
  const { requested, capacity } = claimSizes(claim)
  if (isBound ? requested <= capacity : pods.length === 0) return state
  const { storage } = claim.spec!.resources!.requests!
  const status =
    growsVolumes || !isBound
      ? { phase: 'Bound', capacity: { storage: storage! } }
      : { ...claim.status, conditions: [{ type: 'ControllerResizeError', status: 'True' }] }
  if (JSON.stringify(status) === JSON.stringify(claim.status)) return state
  const resourceVersion = String(Number(claim.metadata?.resourceVersion) + 1)
  return {
    ...state,
    live: { ...state.live, claim: { ...claim, metadata: { ...claim.metadata, resourceVersion }, status } },
  }
}

/** What was controlled by a Deployment that is gone goes too. */
function collect(state: State): State {
  const { live } = state
  const uid = live.deployment?.metadata?.uid
  const isOrphan = ({ metadata }: V1ReplicaSet) => metadata?.ownerReferences?.[0]?.uid !== uid
  const orphans = live.replicaSets.filter(isOrphan)
  if (orphans.length === 0) return state
  const workloads = new FakeWorkloads(live.deployment, live.replicaSets, live.pods)
  for (const one of orphans) workloads.deleteReplicaSet(one)
  const { replicaSets, pods } = workloads
  return { ...state, live: { ...live, replicaSets, pods } }
}

/** First what is in it is told to go, then, when no pod is left, it goes itself. */
function emptyNamespace(state: State): State {
  const { record, pods } = state.live
  if (record === undefined || !isTerminating(record.namespace)) return state
  if (pods.length === 0) {
    const { secret: _, ...rest } = state
    return { ...rest, keys: {}, live: { replicaSets: [], pods: [] } }
  }
  const workloads = new FakeWorkloads(undefined, [], pods)
  for (const pod of pods) workloads.deletePod(pod)
  const { deployment: _, ...live } = state.live
  return { ...state, live: { ...live, replicaSets: [], pods: workloads.pods } }
}
