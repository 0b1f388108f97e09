import type { V1Deployment, V1ResourceRequirements } from '@kubernetes/client-node'
import type { Appliable } from '../../kubernetes/apply.ts'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { renderSurroundings, type Surroundings } from '../../manifests/render.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { renderServiceKeeping } from '../../manifests/service.ts'
import { isTerminating, livePods, type Observed } from '../observe/observed.ts'
import { type Spec, tenantOf } from '../record/spec.ts'
import { type Admissions, NONE_TRIED } from './admission.ts'
import { decideDeployment, decideStrategy } from './decide-deployment.ts'
import { decideSurroundings, isIngressAwaited } from './decide-surroundings.ts'
import { decideVolume, withUnboundClaim } from './decide-volume.ts'
import { wait } from './decisions.ts'
import { allHaveClass } from './priority-class.ts'
import { correctCount } from './uncounted-pod.ts'

/** One write. `resourceVersion` is that of the object which the decision was made on. */
export type Act =
  | { do: 'commit' }
  /** Takes a Helm release's objects out of Helm's hands, and its record too. */
  | { do: 'take-over' }
  /** Puts the key of a rotation in force. */
  | { do: 'promote-key'; operationId: string }
  | { do: 'apply'; object: Appliable; resourceVersion?: string }
  /** Finds out what policies would make of it. */
  | { do: 'dry-run'; object: V1Deployment; uid: string; resourceVersion: string }
  /** Gives a running pod other sizes; the node may refuse. */
  | { do: 'resize-pod'; name: string; uid: string; resourceVersion: string; size: V1ResourceRequirements }
  /** Has a Deployment replace pods one after the other; an apply cannot, where it has settings of a rolling update. */
  | { do: 'set-recreate'; name: string; resourceVersion: string }
  /** Changes the sizes in a ReplicaSet's template, which restarts no pod. */
  | { do: 'patch-replica-set'; name: string; resourceVersion: string; size: V1ResourceRequirements; fence: number }
  /** What the tenant does without from now on. */
  | { do: 'delete'; kind: 'NetworkPolicy' | 'Ingress' | 'RoleBinding'; name: string; uid: string }
  | { do: 'delete-replica-set'; name: string; uid: string; resourceVersion: string }
  /** Has its controller look at once; nothing that means anything is changed. `count`: of the quota, as its resourceVersion. */
  | { do: 'wake-replica-set'; name: string; uid: string; count: string }
  /** Has a quota count the pods that are there. */
  | { do: 'correct-count'; name: string; resourceVersion: string; pods: number }
  | { do: 'delete-pod'; name: string; uid: string; graceSeconds: number }
  | { do: 'delete-namespace'; uid: string }

/** The steps of operations, in the order in which they can come. */
export type StepName =
  | 'commit'
  | 'takeover'
  | 'key'
  | 'objects'
  | 'volume'
  | 'stop'
  | 'pod'
  | 'deployment'
  | 'ready'
  | 'namespace'

/** What to do next about a tenant. After any act everything is read again. */
export type Decision =
  | { step: StepName; next: 'act'; acts: Act[] }
  | { step: StepName; next: 'wait'; reason: string; message: string }
  /** A newer spec than the one read, of the generation `fence`, has already been written by somebody: read again. */
  | { step: StepName; next: 'reread'; fence: number }
  /** The node says that it can never hold the wanted size. */
  | { step: StepName; next: 'infeasible'; message: string }
  /** A policy of the cluster would change the pod template too, so that a new pod would be started. */
  | { step: StepName; next: 'rewritten'; message: string }
  /** The volume's driver says that it cannot grow, or a policy that it shall be another object. */
  | { step: StepName; next: 'failed'; reason: string; message: string }
  | { step: StepName; next: 'done' }

/** Who this service is, what the cluster lets it do, and what it made of manifests that were tried. */
export type Surveyed = { serviceIdentity: ServiceIdentity; capabilities: Capabilities; admissions?: Admissions }

/** A purged pod need not flush: what it holds is about to be deleted. */
const PURGE_GRACE_SECONDS = 1

/**
 * The difference between what a tenant shall be and what it is, as the next acts (independent of each other) or what is waited
 * for. Pure: the same input gives the same answer, and deciding twice does no harm.
 */
export function decide(spec: Spec, observed: Observed, surveyed: Surveyed): Decision {
  const { serviceIdentity, capabilities, admissions = NONE_TRIED } = surveyed
  if (spec.purgeRequestedAt !== null) return decidePurge(observed)
  if (isTerminating(observed.namespace)) return goingNamespace
  const tenant = tenantOf(spec, capabilities)
  if (!spec.committed) return { step: 'commit', next: 'act', acts: [{ do: 'commit' }] }
  const stop = decideStop(tenant, observed, admissions)
  if (stop) return stop
  const surroundings = {
    ...renderSurroundings(tenant, serviceIdentity, allHaveClass(tenant, observed)),
    service: renderServiceKeeping(tenant, observed.service),
  }
  if (spec.helm !== null && !spec.helm.taken) return decideTakeover(tenant, surroundings, observed, admissions)
  if (spec.pendingKey !== null) {
    return { step: 'key', next: 'act', acts: [{ do: 'promote-key', operationId: spec.pendingKey }] }
  }
  const decision =
    decideSurroundings(tenant, surroundings, observed, admissions, spec.operation.state !== 'running') ??
    correctCount(observed) ??
    volumeOf(tenant, observed, capabilities, admissions) ??
    decideDeployment(tenant, observed, admissions)
  if (decision.next === 'done' && isIngressAwaited(spec, surroundings, observed)) {
    return wait('objects', 'IngressTerminating', 'the old Ingress is being deleted')
  }
  return withUnboundClaim(decision, tenant, observed)
}

const goingNamespace: Decision = {
  step: 'namespace',
  next: 'wait',
  reason: 'NamespaceTerminating',
  message: 'the namespace is being deleted',
}

/** What shall stop stops first: what is around it may be refused, or wait. Undefined once it is told to. */
function decideStop(tenant: Tenant, observed: Observed, admissions: Admissions): Decision | undefined {
  if (tenant.running || !observed.deployment || observed.deployment.spec?.replicas === 0) return undefined
  const decision = decideDeployment(tenant, observed, admissions)
  return decision.next === 'wait' || decision.next === 'done' ? undefined : decision
}

/**
 * Before Helm's marks are taken off its objects, two pods cannot be at one time: a policy that rewrites pod templates makes any write
 * to the Deployment a roll.
 */
function decideTakeover(tenant: Tenant, { quota }: Surroundings, observed: Observed, admissions: Admissions): Decision {
  const { deployment } = observed
  const strategy = deployment && !isTerminating(deployment) ? decideStrategy(deployment) : undefined
  const guarded = strategy ?? decideSurroundings(tenant, { quota }, observed, admissions)
  return guarded ? { ...guarded, step: 'takeover' } : { step: 'takeover', next: 'act', acts: [{ do: 'take-over' }] }
}

/** What is deleted shall stop, whatever its volume waits for. */
function volumeOf(
  tenant: Tenant,
  observed: Observed,
  capabilities: Capabilities,
  admissions: Admissions,
): Decision | undefined {
  const decision = decideVolume(tenant, observed, capabilities, admissions)
  return tenant.deleted && decision?.next !== 'act' ? undefined : decision
}

/** First the namespace: from then on nothing new is made in it. Then its pods, with less grace than their own. */
function decidePurge({ namespace, pods }: Observed): Decision {
  const { uid } = namespace.metadata as { uid: string }
  if (!isTerminating(namespace)) return { step: 'namespace', next: 'act', acts: [{ do: 'delete-namespace', uid }] }
  const slow = livePods(pods).filter(
    (pod) => !isTerminating(pod) || (pod.metadata?.deletionGracePeriodSeconds ?? 0) > PURGE_GRACE_SECONDS,
  )
  if (slow.length === 0) return goingNamespace
  const acts = slow.map(({ metadata }): Act => {
    return { do: 'delete-pod', name: metadata!.name!, uid: metadata!.uid!, graceSeconds: PURGE_GRACE_SECONDS }
  })
  return { step: 'namespace', next: 'act', acts }
}
