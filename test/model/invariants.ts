import type { V1Pod, V1ResourceRequirements } from '@kubernetes/client-node'
import { annotations } from '../../src/manifests/labels.ts'
import { keyOf } from '../../src/manifests/secret.ts'
import { bytesOf } from '../../src/sizing/quantity.ts'
import { claimSizes, isTerminating } from '../../src/tenants/observe/observed.ts'
import { isInPass } from './replica.ts'
import type { State } from './state.ts'

/** What must hold at every moment. @returns what does not */
export function brokenBy(before: State, after: State): string | undefined {
  const { live, secret, stops, replaced } = after
  const spec = live.record?.spec
  const isSameTenant = before.live.record?.namespace.metadata?.uid === live.record?.namespace.metadata?.uid
  const isKeyDue = spec !== undefined && (spec.committed || before.secret !== undefined)
  const rules: [string, boolean | undefined][] = [
    ['two databases are on one volume', Object.keys(after.keys).length > 1],
    ['a pod was taken away that nobody asked to stop', replaced > stops],
    ['the volume was asked for less than it has', isLessThanData(before, after)],
    ['RAM was asked for that the volume cannot hold', isRamBeyondVolume(before, after)],
    ['a database was started without a key', Object.values(after.keys).includes('none')],
    ['a pod was started that no node can hold', live.pods.some(isUnschedulable)],
    ['the key is lost', isKeyDue && (secret === undefined || keyOf(secret) === undefined)],
    ['a tenant is removed that nobody asked to purge', isGoing(after) && spec?.purgeRequestedAt === null],
    ['the record went back', isSameTenant && (before.live.record?.spec.generation ?? 0) > (spec?.generation ?? 0)],
    ['success is told of what is not so', isSuccessUntrue(before, after)],
  ]
  return rules.find(([, isBroken]) => isBroken)?.[0]
}

/** What must hold when everybody has done his part. @returns what does not */
export function unfinishedIn(state: State): string | undefined {
  const { live, replicas } = state
  const { record } = live
  if (record === undefined) return undefined
  const { spec } = record
  const rules: [string, boolean | undefined][] = [
    ['the tenant to be purged is still there', spec.purgeRequestedAt !== null],
    ['an operation does not end', spec.committed && spec.operation.state === 'running'],
    ['a replica does not rest', replicas.some(isInPass)],
    ['it is not as it shall be', spec.committed && !isAsWanted(state)],
    ['a database is there that is of no tenant', !spec.committed && live.deployment !== undefined],
  ]
  return rules.find(([, isBroken]) => isBroken)?.[0]
}

const isUnschedulable = ({ status }: V1Pod) =>
  status?.conditions?.some(({ reason }) => reason === 'Unschedulable') === true

const isGoing = ({ live }: State) => live.record !== undefined && isTerminating(live.record.namespace)

function isLessThanData({ live: { claim: before } }: State, { live: { claim: after } }: State): boolean {
  if (before === undefined || after === undefined || before.metadata?.uid !== after.metadata?.uid) return false
  return claimSizes(after).requested < claimSizes(before).capacity
}

/** A new database may start on a volume that was made for less, and grows then: there is nothing in it yet. */
function isRamBeyondVolume({ live: before }: State, { live: after }: State): boolean {
  if (before.claim?.status?.phase !== 'Bound' || before.record?.spec.previous === null) return false
  const lowest = claimSizes(before.claim).capacity
  const isRaised = (was: V1ResourceRequirements | undefined, is: V1ResourceRequirements | undefined) => {
    const [from, to] = [was, is].map((size) => bytesOf(size?.limits?.memory) ?? 0n) as [bigint, bigint]
    return was !== undefined && to > from && 2n * to > lowest
  }
  const isOfPod = after.pods.some((pod) => {
    const was = before.pods.find(({ metadata }) => metadata?.uid === pod.metadata?.uid)
    return isRaised(was?.spec?.containers[0]?.resources, pod.spec?.containers[0]?.resources)
  })
  const [was, is] = [before, after].map(({ deployment }) => deployment?.spec?.template.spec?.containers[0]?.resources)
  return isOfPod || isRaised(was, is)
}

/** Somebody may take the pod away at any moment; but for that it is there. */
function isSuccessUntrue(before: State, after: State): boolean {
  const [was, is] = [before.live.record?.spec.operation, after.live.record?.spec.operation]
  const isTold = was?.id === is?.id && was?.state === 'running' && is?.state === 'succeeded'
  return isTold && after.harms.length === 0 && !isAsWanted(after)
}

/** Says by itself what is wanted and what is there: what is judged here is not asked. */
function isAsWanted({ live, keys, secret }: State): boolean {
  const { deployment, replicaSets, pods, record } = live
  const { desired, suspended, deletedAt, pendingKey, operation } = record!.spec
  const isRunning = !suspended && deletedAt === null
  if (deployment?.spec?.replicas !== (isRunning ? 1 : 0) || deployment.spec.paused) return false
  if (!isRunning) return pods.length === 0
  const [pod, ...others] = pods
  const active = replicaSets.filter(({ spec }) => spec?.replicas === 1)
  const templates = [deployment, ...active].map(({ spec }) => spec!.template!.spec!.containers[0]!.resources)
  const [storage, wanted] = [claimSizes(live.claim).requested, bytesOf(desired.storageSize)!]
  const inForce = pod?.status?.containerStatuses?.[0]?.resources
  const sizes = [...templates, pod?.spec?.containers[0]?.resources, inForce]
  return (
    others.length === 0 &&
    active.length === 1 &&
    pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true &&
    sizes.every((size) => size?.limits?.memory === desired.ramSize && size.requests?.memory === desired.ramSize) &&
    sizes.every((size) => bytesOf(size?.limits?.cpu) === bytesOf(desired.cpu.limit)) &&
    pod.metadata?.annotations?.[annotations.templateRevision] === String(desired.templateRevision) &&
    (operation.type === 'create' ? storage === wanted : storage >= wanted) &&
    keys[pod.metadata!.uid!] === keyOf(secret!) &&
    pendingKey === null
  )
}
