import type { ClusterCache } from '../../kubernetes/cache.ts'
import { namesFor, userIdOf } from '../../manifests/names.ts'
import { isOurs, specOf } from '../record/repository.ts'
import { type Spec, UnreadableSpecError } from '../record/spec.ts'
import { claimNameIn } from './claim-name.ts'
import type { Observed } from './observed.ts'

/** The same as gather(), from the watches: without a call, for lists and for finding tenants that differ from their spec. */
export function observeCached(cache: ClusterCache, userId: string): Observed | undefined {
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

/**
 * Every tenant that the watches know, by user id.
 * @param onUnreadable told of namespaces of ours whose record cannot be read, and where in it; they are left out
 */
export function* cachedTenants(
  cache: ClusterCache,
  onUnreadable: (userId: string, at: string) => void = () => {},
): Generator<{ userId: string; spec: Spec; observed: Observed }> {
  const ids = cache.list('namespaces').map(({ metadata }) => userIdOf(metadata?.name ?? ''))
  for (const userId of ids.filter((id) => id !== undefined).sort()) {
    const observed = observeCached(cache, userId)
    if (observed === undefined || !isOurs(observed.namespace, userId)) continue
    try {
      yield { userId, spec: specOf(observed.namespace), observed }
    } catch (error) {
      if (!(error instanceof UnreadableSpecError)) throw error
      onUnreadable(userId, error.at)
    }
  }
}
