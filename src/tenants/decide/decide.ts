import type { V1ResourceRequirements } from '@kubernetes/client-node'
import type { Appliable } from '../../kubernetes/apply.ts'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import { covers, leftovers } from '../../manifests/compare.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { FIELD_MANAGER, TENANT_LABEL } from '../../manifests/labels.ts'
import { renderSurroundings, type Surroundings } from '../../manifests/render.ts'
import type { Operator } from '../../manifests/role-binding.ts'
import { renderServiceKeeping } from '../../manifests/service.ts'
import { isTerminating, livePods, type Observed } from '../observe/observed.ts'
import { type Spec, tenantOf } from '../record/spec.ts'
import { decideDeployment, decideStrategy } from './decide-deployment.ts'
import { decideVolume } from './decide-volume.ts'

/** One write. `resourceVersion` is that of the object which the decision was made on. */
export type Act =
  | { do: 'commit' }
  /** Takes a Helm release's objects out of Helm's hands, and its record too. */
  | { do: 'take-over' }
  /** Puts the key of a rotation in force. */
  | { do: 'promote-key'; operationId: string }
  | { do: 'apply'; object: Appliable; resourceVersion?: string }
  /** Gives a running pod other sizes; the node may refuse. */
  | { do: 'resize-pod'; name: string; uid: string; resourceVersion: string; size: V1ResourceRequirements }
  /** Has a Deployment replace pods one after the other; an apply cannot, where it has settings of a rolling update. */
  | { do: 'set-recreate'; name: string; resourceVersion: string }
  /** Changes the sizes in a ReplicaSet's template, which restarts no pod. */
  | { do: 'patch-replica-set'; name: string; resourceVersion: string; size: V1ResourceRequirements; fence: number }
  /** What the tenant does without from now on. */
  | { do: 'delete'; kind: 'NetworkPolicy' | 'Ingress' | 'RoleBinding'; name: string; uid: string }
  | { do: 'delete-replica-set'; name: string; uid: string; resourceVersion: string }
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
  /** The volume's driver says that it cannot grow. */
  | { step: StepName; next: 'failed'; reason: string; message: string }
  | { step: StepName; next: 'done' }

/** What holds for all tenants: who this service is, and what the cluster lets it do. */
export type Surveyed = { operator: Operator; capabilities: Capabilities }

/** A purged pod need not flush: what it holds is about to be deleted. */
const PURGE_GRACE_SECONDS = 1

/**
 * The difference between what a tenant shall be and what it is, as the next acts (independent of each other) or what is waited
 * for. Pure: the same input gives the same answer, and deciding twice does no harm.
 */
export function decide(spec: Spec, observed: Observed, { operator, capabilities }: Surveyed): Decision {
  if (spec.purgeRequestedAt !== null) return decidePurge(observed)
  if (isTerminating(observed.namespace)) return goingNamespace
  const tenant = tenantOf(spec, capabilities)
  if (!spec.committed) return { step: 'commit', next: 'act', acts: [{ do: 'commit' }] }
  const stop = decideStop(tenant, observed)
  if (stop) return stop
  const surroundings = {
    ...renderSurroundings(tenant, operator),
    service: renderServiceKeeping(tenant, observed.service),
  }
  if (spec.helm !== null && !spec.helm.taken) return decideTakeover(tenant, surroundings, observed)
  if (spec.pendingKey !== null) {
    return { step: 'key', next: 'act', acts: [{ do: 'promote-key', operationId: spec.pendingKey }] }
  }
  return (
    decideSurroundings(tenant, surroundings, observed) ??
    volumeOf(tenant, observed, capabilities) ??
    decideDeployment(tenant, observed)
  )
}

const goingNamespace: Decision = {
  step: 'namespace',
  next: 'wait',
  reason: 'NamespaceTerminating',
  message: 'the namespace is being deleted',
}

/** What shall stop stops first: what is around it may be refused, or wait. Undefined once it is told to. */
function decideStop(tenant: Tenant, observed: Observed): Decision | undefined {
  if (tenant.running || !observed.deployment || observed.deployment.spec?.replicas === 0) return undefined
  const decision = decideDeployment(tenant, observed)
  return decision.next === 'act' || decision.next === 'reread' ? decision : undefined
}

/**
 * Before Helm's marks are taken off its objects, two pods cannot be at one time: a policy that rewrites pod templates makes any write
 * to the Deployment a roll.
 */
function decideTakeover(tenant: Tenant, { quota }: Surroundings, observed: Observed): Decision {
  const { deployment } = observed
  const strategy = deployment && !isTerminating(deployment) ? decideStrategy(deployment) : undefined
  const guarded = strategy ?? decideSurroundings(tenant, { quota }, observed)
  return guarded ? { ...guarded, step: 'takeover' } : { step: 'takeover', next: 'act', acts: [{ do: 'take-over' }] }
}

/** What is deleted shall stop, whatever its volume waits for. */
function volumeOf(tenant: Tenant, observed: Observed, capabilities: Capabilities): Decision | undefined {
  const decision = decideVolume(tenant, observed, capabilities)
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

/** All but the Deployment: whatever is missing or says something else is applied. A claim that exists is the volume's matter. */
function decideSurroundings(tenant: Tenant, rendered: Partial<Surroundings>, observed: Observed): Decision | undefined {
  const isPrepared = tenant.desired.options.storage.existingClaim !== null
  const acts = (Object.keys(rendered) as (keyof Surroundings)[]).flatMap((part): Act[] => {
    const object = rendered[part]
    const live = observed[part]
    if (object === undefined) return surplus(live)
    // A claim that is ours is the volume's matter; one that an operator has prepared must be there.
    if (part === 'claim' && (live ? isLabelled(live) : isPrepared)) return []
    // A create of the claim that is cut off stays charged to a quota, which then refuses the claim for up to five minutes.
    if (part === 'quota' && live === undefined && rendered.claim && observed.claim === undefined) return []
    if (isTerminating(live)) return []
    if (part === 'roleBinding' && isOfOtherRole(observed.roleBinding, rendered.roleBinding!)) {
      return [remove('RoleBinding', observed.roleBinding!)]
    }
    const { annotations, spec } = leftovers(FIELD_MANAGER, live, object as never)
    if (covers(live, object) && annotations.length + spec.length === 0) return []
    return [applied(without(object, annotations), live?.metadata?.resourceVersion)]
  })
  return acts.length > 0 ? { step: 'objects', next: 'act', acts } : undefined
}

/** Only what is ours is removed: an Ingress of the same name may be the tenant's own matter. */
function surplus(live: Observed[keyof Surroundings]): Act[] {
  if (live === undefined || isTerminating(live) || !isLabelled(live)) return []
  const { kind } = live
  return kind === 'NetworkPolicy' || kind === 'Ingress' ? [remove(kind, live)] : []
}

/** Of a service that was installed under another name: the role of a binding cannot be changed, so it is made anew. */
function isOfOtherRole(live: Observed['roleBinding'], { roleRef }: Surroundings['roleBinding']): boolean {
  return live !== undefined && live.roleRef.name !== roleRef.name
}

function remove(kind: (Act & { do: 'delete' })['kind'], { metadata }: NonNullable<Observed[keyof Surroundings]>): Act {
  return { do: 'delete', kind, name: metadata!.name!, uid: metadata!.uid! }
}

const isLabelled = ({ metadata }: NonNullable<Observed[keyof Surroundings]>) =>
  metadata?.labels?.[TENANT_LABEL] !== undefined

/** A Service is merged, so what shall go from it must be named; an apply takes it away by leaving it out. */
function without<T extends Appliable>(object: T, annotations: readonly string[]): T {
  if (object.kind !== 'Service' || annotations.length === 0) return object
  const gone = Object.fromEntries(annotations.map((key) => [key, null as never]))
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, ...gone } } }
}

function applied(object: Appliable, resourceVersion: string | undefined): Act {
  return { do: 'apply', object, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
}
