import type { V1ResourceQuota } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor } from './labels.ts'
import { namesFor } from './names.ts'

/**
 * One pod and one claim: a data-safety device. Without it a deleted or evicted pod is replaced while it still writes, and two
 * databases share one volume for the whole grace period. No rows for cpu or memory: they would refuse a resize until the
 * quota controller has caught up.
 */
export function renderResourceQuota({ userId }: Tenant): V1ResourceQuota {
  const { namespace, fullname } = namesFor(userId)
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: fullname, namespace, labels: labelsFor(userId) },
    spec: { hard: { pods: '1', persistentvolumeclaims: '1' } },
  }
}
