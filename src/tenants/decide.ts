import type { Appliable } from '../kubernetes/apply.ts'
import { renderClaim } from '../manifests/claim.ts'
import { covers } from '../manifests/compare.ts'
import { renderSurroundings, type Surroundings } from '../manifests/render.ts'
import type { Operator } from '../manifests/role-binding.ts'
import { bytesOf } from '../sizing/quantity.ts'
import { decideDeployment } from './decide-deployment.ts'
import { claimSizes, isTerminating, livePods, type Observed } from './observed.ts'
import { type Spec, tenantOf } from './spec.ts'

/** One write. `resourceVersion` is that of the object which the decision was made on. */
export type Act =
  | { do: 'commit' }
  | { do: 'apply'; object: Appliable; resourceVersion?: string }
  | { do: 'delete-pod'; name: string; uid: string; graceSeconds: number }
  | { do: 'delete-namespace'; uid: string }

/** The steps of operations, in the order in which they can come. */
export type StepName = 'commit' | 'objects' | 'volume' | 'stop' | 'deployment' | 'ready' | 'namespace'

/** What to do next about a tenant. After any act everything is read again. */
export type Decision =
  | { step: StepName; next: 'act'; acts: Act[] }
  | { step: StepName; next: 'wait'; reason: string; message: string }
  /** A newer spec than the one read has already been written by somebody: read again. */
  | { step: StepName; next: 'reread' }
  | { step: StepName; next: 'done' }

/** A purged pod need not flush: what it holds is about to be deleted. */
const PURGE_GRACE_SECONDS = 1

/**
 * The difference between what a tenant shall be and what it is, as the next acts (independent of each other) or what is waited
 * for. Pure: the same input gives the same answer, and deciding twice does no harm.
 */
export function decide(spec: Spec, observed: Observed, operator: Operator): Decision {
  if (isTerminating(observed.namespace)) {
    return {
      step: 'namespace',
      next: 'wait',
      reason: 'NamespaceTerminating',
      message: 'the namespace is being deleted',
    }
  }
  if (spec.purgeRequestedAt !== null) return decidePurge(spec, observed)
  if (!spec.committed) return { step: 'commit', next: 'act', acts: [{ do: 'commit' }] }
  return (
    decideSurroundings(renderSurroundings(tenantOf(spec), operator), observed) ??
    decideVolume(spec, observed) ??
    decideDeployment(tenantOf(spec), observed)
  )
}

function decidePurge(spec: Spec, { namespace, deployment, pods }: Observed): Decision {
  const uid = namespace.metadata!.uid!
  // Else the ReplicaSet would make a new pod while the namespace still lets it.
  if (deployment && !isTerminating(deployment) && deployment.spec?.replicas !== 0) {
    const stop = decideDeployment(tenantOf(spec), { deployment, pods })
    if (stop.next === 'act') return { ...stop, step: 'stop' }
  }
  return {
    step: 'namespace',
    next: 'act',
    acts: [
      ...livePods(pods)
        .filter((pod) => !isTerminating(pod) || (pod.metadata?.deletionGracePeriodSeconds ?? 0) > PURGE_GRACE_SECONDS)
        .map(({ metadata }): Act => {
          return { do: 'delete-pod', name: metadata!.name!, uid: metadata!.uid!, graceSeconds: PURGE_GRACE_SECONDS }
        }),
      { do: 'delete-namespace', uid },
    ],
  }
}

/** All but the Deployment: whatever is missing or says something else is applied. A claim that exists is the volume's matter. */
function decideSurroundings(rendered: Surroundings, observed: Observed): Decision | undefined {
  const acts = (Object.keys(rendered) as (keyof Surroundings)[]).flatMap((part): Act[] => {
    const object = rendered[part]
    const live = observed[part]
    if (object === undefined || (part === 'claim' && live !== undefined)) return []
    // A create of the claim that is cut off stays charged to a quota, which then refuses the claim for up to five minutes.
    if (part === 'quota' && live === undefined && observed.claim === undefined) return []
    if (isTerminating(live)) return []
    return covers(live, object) ? [] : [applied(object, live?.metadata?.resourceVersion)]
  })
  return acts.length > 0 ? { step: 'objects', next: 'act', acts } : undefined
}

/** The volume grows before the RAM does, and never shrinks. An unbound claim may be waiting for its first pod. */
function decideVolume(spec: Spec, { claim }: Observed): Decision | undefined {
  const wanted = bytesOf(spec.desired.storageSize)!
  const { requested, capacity } = claimSizes(claim)
  if (claim === undefined || isTerminating(claim)) {
    return { step: 'volume', next: 'wait', reason: 'ClaimTerminating', message: 'the claim is being deleted' }
  }
  if (requested < wanted) {
    return {
      step: 'volume',
      next: 'act',
      acts: [applied(renderClaim(tenantOf(spec)), claim.metadata?.resourceVersion)],
    }
  }
  if (claim.status?.phase !== 'Bound' || capacity >= wanted) return undefined
  const conditions = claim.status.conditions ?? []
  // The driver's part is done; the node does the rest while the pod runs, or when it starts.
  if (conditions.some(({ type, status }) => type === 'FileSystemResizePending' && status === 'True')) return undefined
  const message = conditions.map(({ message }) => message).find(Boolean)
  return {
    step: 'volume',
    next: 'wait',
    reason: 'VolumeGrowing',
    message: message ?? 'the volume has not grown yet',
  }
}

function applied(object: Appliable, resourceVersion: string | undefined): Act {
  return { do: 'apply', object, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
}
