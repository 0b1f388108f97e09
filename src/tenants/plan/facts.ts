import type { V1Node, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { isForbidden, isNotFound, isUnavailable } from '../../kubernetes/errors.ts'
import type { Desired } from '../../manifests/desired.ts'
import { bytesOf, millicoresOf } from '../../sizing/quantity.ts'
import { isRollDue, ownedBy } from '../decide/replica-sets.ts'
import { orUndefined } from '../observe/gather.ts'
import { claimSizes, databaseStatus, isTerminating, livePods, type Observed } from '../observe/observed.ts'
import type { Facts, Room } from './plan.ts'
import { changesQos } from './qos.ts'
import { quotaObstacle } from './quota.ts'

/** Finds out what a plan for these sizes rests on. What this service may not see is left open, not assumed. */
export async function gatherFacts(
  apis: Apis,
  observed: Observed,
  from: Desired,
  to: Desired,
  capabilities: Capabilities,
): Promise<Facts> {
  const { deployment } = observed
  const pod = livePods(observed.pods).find((one) => !isTerminating(one) && one.spec?.nodeName !== undefined)
  const [claim, rooms, usage, quota] = await Promise.all([
    claimFacts(apis, observed.claim),
    pod ? ifAllowed(() => roomsFor(apis, pod)) : undefined,
    pod ? ifServed(() => usageOf(apis, pod)) : undefined,
    pod ? ifAllowed(() => quotaObstacle(apis, observed.namespace.metadata!.name!, from, to)) : undefined,
  ])
  return {
    capabilities,
    runs: pod !== undefined,
    nodeCannotResize: pod !== undefined && reportsNoSizes(pod),
    changesQos: pod !== undefined && changesQos(pod, to),
    restartDue: deployment !== undefined && isRollDue(deployment, ownedBy(deployment, observed.replicaSets)),
    claim,
    node: rooms?.here,
    elsewhere: rooms?.elsewhere,
    usage,
    quota,
  }
}

/** A kubelet before 1.33 tells no sizes of a container that runs; one that can resize does. */
function reportsNoSizes(pod: V1Pod): boolean {
  const { state, resources } = databaseStatus(pod) ?? {}
  return state?.running !== undefined && resources === undefined
}

async function claimFacts({ storage }: Apis, claim: V1PersistentVolumeClaim | undefined): Promise<Facts['claim']> {
  if (claim === undefined) return undefined
  const name = claim.spec?.storageClassName
  const storageClass = name ? await orUndefined(storage.readStorageClass({ name })) : undefined
  return {
    phase: claim.status?.phase ?? 'not bound',
    storageClass: name,
    expandable: storageClass?.allowVolumeExpansion === true,
    capacity: claimSizes(claim).capacity,
  }
}

/** What the pod's own node and the others could give it, the pod itself not counted. */
async function roomsFor({ core }: Apis, pod: V1Pod): Promise<{ here: Room | undefined; elsewhere: Room[] }> {
  const [nodes, pods] = await Promise.all([core.listNode(), core.listPodForAllNamespaces()])
  const others = livePods(pods.items).filter(({ metadata }) => metadata?.uid !== pod.metadata?.uid)
  const roomOf = (node: V1Node) =>
    roomIn(
      node,
      others.filter(({ spec }) => spec?.nodeName === node.metadata?.name),
    )
  const here = nodes.items.find(({ metadata }) => metadata?.name === pod.spec?.nodeName)
  const elsewhere = nodes.items.filter((node) => node !== here && !node.spec?.unschedulable)
  return { here: here && roomOf(here), elsewhere: elsewhere.map(roomOf) }
}

function roomIn({ status }: V1Node, pods: readonly V1Pod[]): Room {
  const memory = bytesOf(status?.allocatable?.memory) ?? 0n
  const cpu = millicoresOf(status?.allocatable?.cpu) ?? 0
  const requests = pods.flatMap(({ spec }) => spec?.containers.map(({ resources }) => resources?.requests) ?? [])
  const usedMemory = requests.reduce((sum, one) => sum + (bytesOf(one?.memory) ?? 0n), 0n)
  const usedCpu = requests.reduce((sum, one) => sum + (millicoresOf(one?.cpu) ?? 0), 0)
  return { memory, memoryFree: memory - usedMemory, cpu, cpuFree: cpu - usedCpu }
}

/** Bytes that the metrics API has seen last, where it is there. */
async function usageOf({ custom }: Apis, { metadata }: V1Pod): Promise<bigint | undefined> {
  const found: { containers?: { usage?: { memory?: string } }[] } = await custom.getNamespacedCustomObject({
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    namespace: metadata!.namespace!,
    plural: 'pods',
    name: metadata!.name!,
  })
  return bytesOf(found.containers?.[0]?.usage?.memory)
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
