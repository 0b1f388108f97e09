import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import { renderClaim } from '../../manifests/claim.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { claimSizes, isTerminating, livePods, type Observed } from '../observe/observed.ts'
import type { Decision } from './decide.ts'

/** What the driver writes into the claim's status when it has given up (`allocatedResourceStatuses.storage`, or a condition). */
const GIVEN_UP = new Set([
  'ControllerResizeInfeasible',
  'NodeResizeInfeasible',
  'ControllerResizeFailed',
  'NodeResizeFailed',
])
const ERRORS = new Set(['ControllerResizeError', 'NodeResizeError'])

/**
 * The volume: it grows before the RAM does, and never shrinks. Undefined when nothing is left to do for it; an unbound claim
 * may be waiting for its first pod.
 */
export function decideVolume(
  tenant: Tenant,
  { claim, pods }: Observed,
  capabilities: Capabilities,
): Decision | undefined {
  const { enabled, existingClaim } = tenant.desired.options.storage
  if (!enabled) return undefined
  if (claim === undefined && existingClaim !== null) {
    return wait('ClaimMissing', `the claim ${existingClaim} does not exist; an operator must prepare it`)
  }
  const wanted = bytesOf(tenant.desired.storageSize)!
  const { requested, capacity } = claimSizes(claim)
  if (claim === undefined || isTerminating(claim)) return wait('ClaimTerminating', 'the claim is being deleted')
  if (requested < wanted) return request(tenant, claim)
  if (claim.status?.phase !== 'Bound') return undefined
  if (capacity >= wanted) {
    // Kubernetes takes a growth back only down to more than the volume has already.
    const lowest = capacity + 1n
    return capabilities.lowerClaims && lowest < requested
      ? request({ ...tenant, desired: { ...tenant.desired, storageSize: formatBytes(lowest) } }, claim)
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
  return wait('VolumeGrowing', message ?? 'the volume has not grown yet')
}

function request(tenant: Tenant, claim: V1PersistentVolumeClaim): Decision {
  const resourceVersion = claim.metadata!.resourceVersion!
  return { step: 'volume', next: 'act', acts: [{ do: 'apply', object: renderClaim(tenant)!, resourceVersion }] }
}

function wait(reason: string, message: string): Decision {
  return { step: 'volume', next: 'wait', reason, message }
}
