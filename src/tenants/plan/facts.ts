import type { V1Deployment, V1Node, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node'
import { dryRunIfTaken } from '../../kubernetes/apply.ts'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isForbidden, isNotFound, isUnavailable } from '../../kubernetes/errors.ts'
import { CONTAINER_NAME, userIdOf } from '../../manifests/names.ts'
import { renderResources } from '../../manifests/pod-template.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { isRollDue, ownedBy } from '../decide/replica-sets.ts'
import { claimSizes, databaseStatus, isTerminating, livePods, type Observed, podOnNode } from '../observe/observed.ts'
import { optionChanges } from '../options/desire.ts'
import { isOwnOption } from '../options/own.ts'
import { nextPod, resizedPod } from './next-pod.ts'
import { type Placement, placementOf } from './placement.ts'
import { type Change, type Facts, isRenewed, type LocalFacts, podIn, resizes } from './plan.ts'
import { changesQos } from './qos.ts'
import { type Limits, refusalsOf } from './refusals.ts'
import { restartingResources } from './resize-policy.ts'
import { changedDeployment, type Rewriting, rewritingOf } from './rewriting.ts'
import { fitOf, roomOn } from './room.ts'

/** Finds out what a plan for a change rests on. What this service may not see is left open, not assumed. */
export async function gatherFacts(
  apis: Apis,
  observed: Observed,
  change: Change,
  capabilities: Capabilities,
): Promise<Facts> {
  const { from, to } = change
  const { deployment } = observed
  const concerns = concernsOf(change)
  const userId = userIdOf(observed.namespace.metadata!.name!)!
  const live = podOnNode(observed.pods)
  const pods = live && { live, resized: resizedPod(live, to), next: nextPod(userId, from, to, live, deployment) }
  const [claim, own, usage, limits, rewriting] = await Promise.all([
    claimFacts(apis, observed.claim, concerns.volume),
    concerns.pod && pods ? ifAllowed(() => ownNode(apis, pods.live)) : undefined,
    concerns.pod && pods ? ifServed(() => usageOf(apis, pods.live)) : undefined,
    concerns.objects ? limitsIn(apis, observed.namespace.metadata!.name!) : { quotas: [], ranges: [] },
    pods && deployment && tryChange(apis, userId, change, deployment),
  ])
  const tenant = { userId, generation: 0, running: true, deleted: false, resize: 'inPlace', desired: to } as const
  const facts: LocalFacts = {
    capabilities,
    runs: pods !== undefined,
    nodeCannotResize: pods !== undefined && reportsNoSizes(pods.live),
    changesQos: pods !== undefined && changesQos(pods.live, to),
    restartingResources: pods ? restartingResources(pods.live, renderResources(to)) : [],
    restartDue: deployment !== undefined && isRollDue(deployment, ownedBy(deployment, observed.replicaSets)),
    claim,
    node: pods && own && fitOf(pods.resized, roomOn(own.node, own.others)),
    usage,
    refusals: refusalsOf(limits, tenant, observed, pods),
    rewriting,
  }
  const isPlaced = pods !== undefined && podIn(change, facts) === 'replaced'
  const placement = isPlaced ? await placementFacts(apis, observed.claim, pods, own) : undefined
  return { ...facts, placement }
}

/** What a change touches, besides the tenant's record and its namespace's labels: nothing else need be looked at. */
function concernsOf(change: Change): { pod: boolean; volume: boolean; objects: boolean } {
  const { from, to } = change
  const pod = isRenewed(change) || resizes(from, to)
  const volume = bytesOf(to.storageSize)! > bytesOf(from.storageSize)!
  const isOwn = optionChanges(from.options, to.options).every(({ resource }) => isOwnOption(resource))
  return { pod, volume, objects: pod || volume || !isOwn }
}

/**
 * Finds out by a dry run what policies make of the Deployment; undefined: it is not changed.
 * @throws KubernetesError if one of them denies the change
 */
async function tryChange(
  apis: Apis,
  userId: string,
  change: Change,
  live: V1Deployment,
): Promise<Rewriting | undefined> {
  if (isTerminating(live) || !(isRenewed(change) || resizes(change.from, change.to))) return undefined
  const changed = changedDeployment(userId, change, live)
  return rewritingOf(live, changed, await dryRunIfTaken(apis, changed))
}

/** A kubelet before 1.33 tells no sizes of a container that runs; one that can resize does. */
function reportsNoSizes(pod: V1Pod): boolean {
  const { state, resources } = databaseStatus(pod) ?? {}
  return state?.running !== undefined && resources === undefined
}

async function claimFacts(
  { storage }: Apis,
  claim: V1PersistentVolumeClaim | undefined,
  grows: boolean,
): Promise<Facts['claim']> {
  if (claim === undefined) return undefined
  const name = claim.spec?.storageClassName
  const storageClass = name && grows ? await ignoreNotFound(storage.readStorageClass({ name })) : undefined
  return {
    phase: claim.status?.phase ?? 'not bound',
    storageClass: name,
    expandable: storageClass?.allowVolumeExpansion === true,
    capacity: claimSizes(claim).capacity,
  }
}

/** None, where this service may not look. */
export async function limitsIn({ core }: Apis, namespace: string): Promise<Limits> {
  const limits = await ifAllowed(() =>
    Promise.all([core.listNamespacedResourceQuota({ namespace }), core.listNamespacedLimitRange({ namespace })]),
  )
  const [quotas, ranges] = limits ?? []
  return { quotas: quotas?.items ?? [], ranges: ranges?.items ?? [] }
}

type OwnNode = { node: V1Node; others: V1Pod[] }

/** The pod's own node, and who else is on it: of all nodes and pods only these are read. */
async function ownNode({ core }: Apis, live: V1Pod): Promise<OwnNode | undefined> {
  const { nodeName } = live.spec!
  const [nodes, pods] = await Promise.all([
    core.listNode({ fieldSelector: `metadata.name=${nodeName}` }),
    core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${nodeName},${NOT_ENDED}` }),
  ])
  const [node] = nodes.items
  return node && { node, others: others(pods.items, live) }
}

/**
 * Whether the pod that follows would find a node. Where it finds room on its own, which the running one leaves first and from where
 * its volume can be reached, no other is looked at: a cluster may have thousands.
 */
async function placementFacts(
  { core }: Apis,
  claim: V1PersistentVolumeClaim | undefined,
  { live, next }: { live: V1Pod; next: V1Pod },
  own: OwnNode | undefined,
): Promise<Placement | undefined> {
  const there = own && placementOf(next, { nodes: [own.node], pods: own.others, reach: undefined })
  if (there?.state === 'fits') return there
  return ifAllowed(async () => {
    const name = claim?.spec?.volumeName
    const [nodes, pods, volume] = await Promise.all([
      core.listNode(),
      core.listPodForAllNamespaces({ fieldSelector: NOT_ENDED }),
      name ? ifAllowed(() => core.readPersistentVolume({ name })) : undefined,
    ])
    const reach = volume?.spec?.nodeAffinity?.required
    return placementOf(next, { nodes: nodes.items, pods: others(pods.items, live), reach })
  })
}

/** Pods that have ended take no room. */
const NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed'

function others(pods: readonly V1Pod[], { metadata }: V1Pod): V1Pod[] {
  return livePods(pods).filter((one) => one.metadata?.uid !== metadata?.uid)
}

/** Bytes that the metrics API has seen last, where it is there. A sidecar's are not the database's. */
async function usageOf({ custom }: Apis, { metadata }: V1Pod): Promise<bigint | undefined> {
  const found: { containers?: { name?: string; usage?: { memory?: string } }[] } =
    await custom.getNamespacedCustomObject({
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      namespace: metadata!.namespace!,
      plural: 'pods',
      name: metadata!.name!,
    })
  return bytesOf(found.containers?.find(({ name }) => name === CONTAINER_NAME)?.usage?.memory)
}

/** Undefined where this service may not look, or the cluster has no such thing. */
async function ifAllowed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (isForbidden(error) || isNotFound(error)) return undefined
    throw error
  }
}

/** Undefined also while what serves it is down: metrics come from an extension of the API server, and no plan needs them. */
async function ifServed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ifAllowed(look)
  } catch (error) {
    if (isUnavailable(error)) return undefined
    throw error
  }
}
