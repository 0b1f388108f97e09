import type { V1LimitRange, V1PersistentVolumeClaim, V1Pod, V1ResourceQuota } from '@kubernetes/client-node'
import type { Tenant } from '../../manifests/desired.ts'
import { renderIngress } from '../../manifests/ingress.ts'
import { renderNetworkPolicy } from '../../manifests/network-policy.ts'
import { renderService } from '../../manifests/service.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { claimSizes, type Observed } from '../observe/observed.ts'
import type { Reason } from '../record/plan.ts'
import { claimRangeObstacles, podRangeObstacles, withRangeDefaults } from './limit-range.ts'
import { type Charge, type Charged, quotaObstacles, unspecifiedObstacles, usedBy } from './quota.ts'
import { isClaimIn, isPodIn } from './quota-scopes.ts'
import { claimUsage, countOf, podUsage, serviceUsage } from './quota-usage.ts'

/** What an operator has put into a tenant's namespace to keep it small. */
export type Limits = { quotas: readonly V1ResourceQuota[]; ranges: readonly V1LimitRange[] }

/** What the API server would refuse of a change whatever becomes of the pod; of a resize in place; and of a new pod. */
export type Refusals = { objects: readonly Reason[]; inPlace: readonly Reason[]; restart: readonly Reason[] }

/** The running pod, the same with other sizes, and the one that would follow it. Undefined: nothing runs. */
export type Pods = { live: V1Pod; resized: V1Pod; next: V1Pod } | undefined

/** What limit ranges and quotas refuse of a tenant as it would be, held against the objects that are there. */
export function refusalsOf(limits: Limits, to: Tenant, observed: Observed, pods: Pods): Refusals {
  const { quotas, ranges } = limits
  const claim = grownClaim(to, observed.claim)
  const charges = [...(claim ? [claimCharge(observed.claim, claim)] : []), ...objectCharges(to, observed)]
  const objects = [...(claim ? claimRangeObstacles(claim, ranges) : []), ...quotaObstacles(quotas, charges)]
  if (pods === undefined) return { objects, inPlace: [], restart: [] }
  // The controller makes a new ReplicaSet first, and removes the old one afterwards.
  const replicaSet = quotaObstacles(quotas, [added(countOf('replicasets.apps'))])
  return {
    objects,
    inPlace: podObstacles(limits, pods.live, pods.resized, false),
    restart: [...replicaSet, ...podObstacles(limits, pods.live, pods.next, true)],
  }
}

/**
 * What limit ranges and quotas refuse of a pod where none runs.
 * @param others the pods of the namespace that stay beside it
 */
export function startObstacles({ quotas, ranges }: Limits, pod: V1Pod, others: readonly V1Pod[]): Reason[] {
  const after = withRangeDefaults(pod, ranges)
  const charged = chargedPod(after)
  return [
    ...podRangeObstacles(after, ranges),
    ...unspecifiedObstacles(quotas, after, charged),
    ...quotaObstacles(
      quotas,
      [{ before: undefined, after: charged, replaced: false }],
      usedBy(others.map(chargedPod), charged.usage),
    ),
  ]
}

function podObstacles({ quotas, ranges }: Limits, live: V1Pod, pod: V1Pod, replaced: boolean): Reason[] {
  const after = withRangeDefaults(pod, ranges)
  const charged = chargedPod(after)
  return [
    ...podRangeObstacles(after, ranges),
    ...unspecifiedObstacles(quotas, after, charged),
    ...quotaObstacles(quotas, [{ before: chargedPod(live), after: charged, replaced }]),
  ]
}

function chargedPod(pod: V1Pod): Charged {
  return { usage: podUsage(pod), isIn: (scope) => isPodIn(pod, scope) }
}

/** The claim as the change would ask for it; undefined if it stays as it is. */
function grownClaim({ desired }: Tenant, claim: V1PersistentVolumeClaim | undefined) {
  if (claim === undefined || claimSizes(claim).requested >= bytesOf(desired.storageSize)!) return undefined
  const requests = { ...claim.spec?.resources?.requests, storage: desired.storageSize }
  return { ...claim, spec: { ...claim.spec, resources: { ...claim.spec?.resources, requests } } }
}

function claimCharge(live: V1PersistentVolumeClaim | undefined, grown: V1PersistentVolumeClaim): Charge {
  const charged = (claim: V1PersistentVolumeClaim): Charged => {
    return { usage: claimUsage(claim), isIn: (scope) => isClaimIn(claim, scope) }
  }
  return { before: live && charged(live), after: charged(grown), replaced: false }
}

/** The objects whose options decide whether they are there, and a Service of another type. */
function objectCharges(to: Tenant, { service, ingress, networkPolicy }: Observed): Charge[] {
  const spec = { ...service?.spec, ...renderService(to).spec }
  return [
    { before: service && unscoped(serviceUsage(service)), after: unscoped(serviceUsage({ spec })), replaced: false },
    ...(renderIngress(to) && !ingress ? [added(countOf('ingresses.networking.k8s.io'))] : []),
    ...(renderNetworkPolicy(to) && !networkPolicy ? [added(countOf('networkpolicies.networking.k8s.io'))] : []),
  ]
}

/** Quotas with a scope count nothing but pods and claims. */
const unscoped = (usage: Charged['usage']): Charged => ({ usage, isIn: () => false })
const added = (usage: Charged['usage']): Charge => ({ before: undefined, after: unscoped(usage), replaced: false })
