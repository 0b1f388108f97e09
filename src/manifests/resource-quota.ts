import type { V1ResourceQuota } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor } from './labels.ts'
import { namesFor } from './names.ts'

/**
 * One pod and one claim: a data-safety device. Without it a deleted or evicted pod is replaced while it still writes, and two
 * databases share one volume for the whole grace period. No rows for cpu or memory: they would refuse a resize until the
 * quota controller has caught up.
 *
 * Where every pod of the database has a priority class it counts pods with one only, whichever (a webhook may choose another):
 * so that others, such as cert-manager's solver, can be beside it. Kubernetes counts no claims in such a quota. The rows have to
 * differ between the two: the quota controller does not count anew for another scope alone.
 * @param allHaveClass whether every pod of the database that is there, or that can come, has a priority class
 */
export function renderResourceQuota({ userId }: Tenant, allHaveClass: boolean): V1ResourceQuota {
  const { namespace, fullname } = namesFor(userId)
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: fullname, namespace, labels: labelsFor(userId) },
    spec: allHaveClass ? ONE_WITH_CLASS : ONE_OF_EACH,
  }
}

const ONE_OF_EACH = { hard: { pods: '1', persistentvolumeclaims: '1' } }
const ONE_WITH_CLASS = {
  hard: { pods: '1' },
  scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists' }] },
}
