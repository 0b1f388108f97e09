import type { V1Deployment, V1Pod } from '@kubernetes/client-node'
import { covers } from '../../manifests/compare.ts'
import { renderDeployment, renderDeploymentKeeping, renderPaused } from '../../manifests/deployment.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { annotations } from '../../manifests/labels.ts'
import { renderResources } from '../../manifests/pod-template.ts'
import { explain, isReady, isTerminating, livePods, type Observed } from '../observe/observed.ts'
import type { Act, Decision } from './decide.ts'
import { type PodSize, podSize } from './pod-size.ts'
import { currentReplicaSet, fenceOf, isObserved, isSettled, ownedBy, sizeIn } from './replica-sets.ts'

type Seen = Pick<Observed, 'deployment' | 'pods' | 'replicaSets'>

/**
 * The Deployment, the only object whose change can restart a database: written here and nowhere else. Sizes change in place:
 * first the pod, then under a pause the Deployment's template and the ReplicaSet's, so that nothing differs when the pause
 * ends and nothing rolls (DESIGN section 7). One act at a time; the first case that holds wins, and then all is read again.
 */
export function decideDeployment(tenant: Tenant, seen: Seen): Decision {
  const { deployment } = seen
  const fence = deployment ? fenceOf(deployment) : 0
  if (fence > tenant.generation) return { step: 'deployment', next: 'reread', fence }
  if (deployment === undefined || isTerminating(deployment)) return decideMissing(tenant, seen)
  const strategy = decideStrategy(deployment)
  if (strategy) return strategy
  const plain = plainChange(tenant, deployment, seen)
  if (plain) return plain
  return deployment.spec?.paused ? decidePaused(tenant, deployment, seen) : decideUnpaused(tenant, deployment, seen)
}

function decideMissing(tenant: Tenant, { deployment, pods }: Seen): Decision {
  if (deployment) return wait('DeploymentTerminating', 'the old Deployment is being deleted')
  // Else two databases would write to one volume.
  if (livePods(pods).length > 0) return wait('PodTerminating', 'the old pod is still ending', 'stop')
  return apply(renderDeployment(tenant), undefined)
}

/** One as Helm's original chart makes it, or another hand, becomes Recreate. That starts no pod. Undefined: it is. */
export function decideStrategy({ metadata, spec }: V1Deployment): Decision | undefined {
  if (spec?.strategy?.type === 'Recreate') return undefined
  const { name, resourceVersion } = metadata as { name: string; resourceVersion: string }
  return act('deployment', [{ do: 'set-recreate', name, resourceVersion }])
}

/** The changes that start or stop a pod anyway: stop, start, a new template, sizes by a restart. */
function plainChange(tenant: Tenant, deployment: V1Deployment, { pods }: Seen): Decision | undefined {
  const isStopped = deployment.spec?.replicas === 0
  if (!tenant.running) {
    const wanted = renderDeploymentKeeping(tenant, deployment)
    if (!covers(deployment, wanted)) return apply(wanted, deployment, 'stop')
    if (!isObserved(deployment)) return wait('NotObserved', 'the Deployment controller has not seen the change', 'stop')
    return livePods(pods).length > 0
      ? wait('PodTerminating', 'the pod is ending', 'stop')
      : { step: 'stop', next: 'done' }
  }
  if (isStopped && livePods(pods).length > 0) return wait('PodTerminating', 'the old pod is still ending', 'stop')
  if (isStopped || isTemplateDue(tenant, deployment)) return apply(renderDeployment(tenant), deployment)
  if (tenant.resize === 'restart' || isWithoutNode(deployment, livePods(pods))) {
    const wanted = renderDeploymentKeeping(tenant, deployment)
    if (!covers(deployment, wanted)) return apply(wanted, deployment)
  }
  return undefined
}

/** An operation asked for a new template. */
function isTemplateDue({ desired }: Tenant, deployment: V1Deployment): boolean {
  const revision = deployment.spec?.template.metadata?.annotations?.[annotations.templateRevision]
  // One that was taken over as it is has none.
  return (revision ?? '0') !== String(desired.templateRevision)
}

/** Where the pod finds no node, or is refused: nothing runs that a restart could disturb, and no kubelet could resize it. */
function isWithoutNode({ status }: V1Deployment, pods: readonly V1Pod[]): boolean {
  const isRefused = status?.conditions?.some(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  return pods.length === 0 ? isRefused === true : pods.every(isUnschedulable)
}

function isUnschedulable({ spec, status }: V1Pod): boolean {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return spec?.nodeName === undefined && scheduled?.reason === 'Unschedulable'
}

function decideUnpaused(tenant: Tenant, deployment: V1Deployment, { pods, replicaSets }: Seen): Decision {
  const isWritten = covers(deployment, renderDeploymentKeeping(tenant, deployment))
  if (isWritten && isSettled(deployment, ownedBy(deployment, replicaSets))) return decidePod(tenant, pods)
  if (!isSettled(deployment, ownedBy(deployment, replicaSets))) return unsettled(deployment, pods)
  const pod = runningPod(pods)
  if (pod === undefined) return noPod(pods)
  const progress = resizePod(tenant, pod)
  return progress ?? apply(renderPaused(tenant, deployment), deployment)
}

/** Pod first: the node must grant the size before anything else changes. Undefined once it has. */
function resizePod(tenant: Tenant, pod: V1Pod): Decision | undefined {
  const wanted = renderResources(tenant.desired)
  const { state, message } = podSize(pod, wanted)
  switch (state) {
    case 'other':
      return act('pod', [resize(pod, wanted)])
    case 'infeasible':
      return { step: 'pod', next: 'infeasible', message }
    case 'asked':
    case 'deferred':
      return wait(REASONS[state], message, 'pod')
    default:
      return undefined
  }
}

const REASONS: Record<Exclude<PodSize['state'], 'other' | 'infeasible'>, string> = {
  asked: 'NotObserved',
  deferred: 'Deferred',
  allocated: 'ResizeInProgress',
  held: 'Held',
}

/** Under a pause the controller starts no pods of another template: here the templates are made equal. */
function decidePaused(tenant: Tenant, deployment: V1Deployment, { replicaSets }: Seen): Decision {
  const size = renderResources(tenant.desired)
  const paused = renderPaused(tenant, deployment)
  if (!covers(deployment, paused)) return apply(paused, deployment)
  // An unobserved pause is overtaken by a roll.
  if (!isObserved(deployment)) return wait('NotObserved', 'the pause has not been seen by the Deployment controller')
  const owned = ownedBy(deployment, replicaSets)
  const current = currentReplicaSet(deployment, owned)
  const unpaused = renderDeploymentKeeping(tenant, deployment)
  if (current === undefined) return apply(unpaused, deployment) // A roll is due; let it happen.
  const [other] = owned.filter(({ metadata }) => metadata?.uid !== current.metadata?.uid)
  if (other) {
    const { name, uid, resourceVersion } = other.metadata as { name: string; uid: string; resourceVersion: string }
    return act('deployment', [{ do: 'delete-replica-set', name, uid, resourceVersion }])
  }
  if (!covers(sizeIn(current), size) || fenceOf(current) !== tenant.generation) {
    const { name, resourceVersion } = current.metadata as { name: string; resourceVersion: string }
    return act('deployment', [{ do: 'patch-replica-set', name, resourceVersion, size, fence: tenant.generation }])
  }
  if (!isObserved(current)) return wait('NotObserved', 'the ReplicaSet controller has not seen the new size')
  return apply(unpaused, deployment)
}

/** The Deployment is as it shall be: so must its pod be. */
function decidePod(tenant: Tenant, pods: readonly V1Pod[]): Decision {
  const pod = runningPod(pods)
  if (pod === undefined) return noPod(pods)
  const progress = resizePod(tenant, pod)
  if (progress) return progress
  if (!isReady(pod)) return notReady(pod)
  const { state, message } = podSize(pod, renderResources(tenant.desired))
  return state === 'held' ? { step: 'ready', next: 'done' } : wait(REASONS.allocated, message, 'pod')
}

function runningPod(pods: readonly V1Pod[]): V1Pod | undefined {
  const live = livePods(pods)
  const [pod] = live
  return live.length === 1 && pod?.spec?.nodeName !== undefined && !isTerminating(pod) ? pod : undefined
}

function noPod(pods: readonly V1Pod[]): Decision {
  const [pod] = livePods(pods)
  return pod ? notReady(pod) : wait('NoPod', 'there is no pod', 'ready')
}

function notReady(pod: V1Pod): Decision {
  const { reason, message } = explain(pod)
  return wait(reason, message, 'ready')
}

function unsettled({ status }: V1Deployment, pods: readonly V1Pod[]): Decision {
  const refused = status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  if (livePods(pods).length === 0 && refused) {
    return wait(refused.reason ?? 'PodsRefused', refused.message ?? 'the pod was refused', 'ready')
  }
  const [pod] = livePods(pods)
  return pod && !isReady(pod) ? notReady(pod) : wait('RollingOut', 'a rollout is under way', 'ready')
}

function resize({ metadata }: V1Pod, size: ReturnType<typeof renderResources>): Act {
  const { name, uid, resourceVersion } = metadata as { name: string; uid: string; resourceVersion: string }
  return { do: 'resize-pod', name, uid, resourceVersion, size }
}

function apply(object: V1Deployment, live: V1Deployment | undefined, step: Decision['step'] = 'deployment'): Decision {
  const resourceVersion = live?.metadata?.resourceVersion
  return act(step, [{ do: 'apply', object, ...(resourceVersion === undefined ? {} : { resourceVersion }) }])
}

function act(step: Decision['step'], acts: Act[]): Decision {
  return { step, next: 'act', acts }
}

function wait(reason: string, message: string, step: Decision['step'] = 'deployment'): Decision {
  return { step, next: 'wait', reason, message }
}
