import type { WatchCache } from '../../kubernetes/watch/cache.ts'
import { namesFor } from '../../manifests/names.ts'
import { claimNameIn } from './claim-name.ts'
import type { Observed } from './observed.ts'

/** What of the watches is used here. */
export type TenantCache = Pick<WatchCache, 'get' | 'list' | 'on' | 'watch' | 'refresh' | 'synced' | 'ages'>

/**
 * Whether the Deployment may be there and not be known, as one that has lost its labels: something of it is there. Else a hand that
 * takes them off would have its database taken for one that is ending.
 */
export function mayHideDeployment({ deployment, replicaSets, pods }: Observed): boolean {
  return deployment === undefined && (replicaSets.length > 0 || pods.length > 0)
}

/** What the watches know of a tenant, without a call. They do not watch Secrets. @returns undefined if there is no such namespace */
export function observeCached(cache: TenantCache, userId: string): Observed | undefined {
  const { namespace, fullname, roleBinding } = namesFor(userId)
  const live = cache.get('namespaces', namespace)
  if (live === undefined) return undefined
  return {
    namespace: live,
    deployment: cache.get('deployments', fullname, namespace),
    replicaSets: cache.list('replicaSets', namespace),
    pods: cache.list('pods', namespace),
    claim: cache.get('claims', claimNameIn(live, userId), namespace),
    service: cache.get('services', fullname, namespace),
    quota: cache.get('quotas', fullname, namespace),
    ingress: cache.get('ingresses', fullname, namespace),
    networkPolicy: cache.get('networkPolicies', fullname, namespace),
    roleBinding: cache.get('roleBindings', roleBinding, namespace),
    secretExists: undefined,
  }
}
