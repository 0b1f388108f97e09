import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import { renderClaim } from '../../manifests/claim.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { claimSizes, isTerminating, livePods, type Observed, podOnNode } from '../observe/observed.ts'
import { type Admissions, admissionOf, isKept } from './admission.ts'
import type { Decision } from './decide.ts'
import { act, applied, notAccepted, wait } from './decisions.ts'

/** What the driver writes into the claim's status when it has given up (`allocatedResourceStatuses.storage`, or a condition). */
const GIVEN_UP = new Set([
  'ControllerResizeInfeasible',
  'NodeResizeInfeasible',
  'ControllerResizeFailed',
  'NodeResizeFailed',
])
const ERRORS = new Set(['ControllerResizeError', 'NodeResizeError'])

/**
 * The volume: it grows before the RAM does, and never shrinks. Undefined when nothing is left to do for it. A claim that is not
 * bound cannot be asked for more, and may be waiting for its first pod: it grows once it is bound.
 */
export function decideVolume(
  tenant: Tenant,
  { claim, pods }: Observed,
  capabilities: Capabilities,
  admissions: Admissions,
): Decision | undefined {
  const { enabled, existingClaim } = tenant.desired.options.storage
  if (!enabled) return undefined
  if (claim === undefined && existingClaim !== null) {
    return wait('volume', 'ClaimMissing', `the claim ${existingClaim} does not exist; an operator must prepare it`)
  }
  const wanted = bytesOf(tenant.desired.storageSize)!
  const { requested, capacity } = claimSizes(claim)
  if (claim === undefined || isTerminating(claim))
    return wait('volume', 'ClaimTerminating', 'the claim is being deleted')
  if (claim.status?.phase === 'Lost' && requested < wanted) {
    return { step: 'volume', next: 'failed', reason: 'VolumeLost', message: 'the volume does not exist any more' }
  }
  if (claim.status?.phase !== 'Bound') {
    // Only a bound one lets a pod come to a node: the watch has not told yet, and until then the RAM must not grow.
    const isBound = podOnNode(pods) !== undefined && requested < wanted
    return isBound ? wait('volume', 'ClaimNotBound', 'the claim is not bound yet') : undefined
  }
  if (requested < wanted) {
    const refused = ['PersistentVolumeClaim spec.resources.requests.storage']
    return request(tenant, claim, admissions) ?? notAccepted('volume', refused)
  }
  if (capacity >= wanted) {
    // Kubernetes takes a growth back only down to more than the volume has already.
    const lowest = capacity + 1n
    return capabilities.lowerClaims && lowest < requested
      ? request({ ...tenant, desired: { ...tenant.desired, storageSize: formatBytes(lowest) } }, claim, admissions)
      : undefined
  }
  const conditions = claim.status.conditions?.filter(({ status }) => status === 'True') ?? []
  const message = conditions.map(({ message }) => message).find(Boolean)
  const tried = bytesOf(claim.status.allocatedResources?.storage)
  const isAboutThis = tried === undefined || tried === requested // Not about an earlier, larger size.
  const isGivenUp = GIVEN_UP.has(claim.status.allocatedResourceStatuses?.storage ?? '')
  if (isAboutThis && (isGivenUp || conditions.some(({ type }) => ERRORS.has(type)))) {
    return { step: 'volume', next: 'failed', reason: 'VolumeNotGrown', message: message ?? 'the volume cannot grow' }
  }
  // The driver's part is done, and the node's comes when a pod mounts the volume.
  if (conditions.some(({ type }) => type === 'FileSystemResizePending') && livePods(pods).length === 0) return undefined
  return wait('volume', 'VolumeGrowing', message ?? 'the volume has not grown yet')
}

/**
 * What is said of a running tenant whose claim is not bound: what keeps its pod waiting, and that it is not done while the claim
 * asks for less than it should.
 */
export function withUnboundClaim(decision: Decision, tenant: Tenant, { claim }: Observed): Decision {
  const isWaiting = tenant.running && tenant.desired.options.storage.enabled && claim?.status?.phase === 'Pending'
  if (!isWaiting) return decision
  if (decision.next === 'wait' && decision.step === 'ready') {
    return { ...decision, reason: 'ClaimNotBound', message: `the claim is Pending; ${decision.message}` }
  }
  // The pod is ready, so the claim was bound after it had been read.
  const isShort = claimSizes(claim).requested < bytesOf(tenant.desired.storageSize)!
  return decision.next === 'done' && isShort ? wait('volume', 'ClaimNotBound', 'the claim is not bound yet') : decision
}

/** Undefined: this has been asked for, and a policy of the cluster has kept the claim as it is. */
function request(tenant: Tenant, claim: V1PersistentVolumeClaim, admissions: Admissions): Decision | undefined {
  const object = renderClaim(tenant)!
  const stored = admissionOf(admissions, claim, object)?.stored
  return stored && isKept(claim, stored) ? undefined : act('volume', applied(object, claim))
}
