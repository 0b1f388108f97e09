import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor } from './labels.ts'
import { namesFor } from './names.ts'

/** The volume that holds the tenant's data. Only its requested size ever changes, and only upwards. */
export function renderClaim({ userId, desired }: Tenant): V1PersistentVolumeClaim {
  const { namespace, fullname } = namesFor(userId)
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: fullname, namespace, labels: labelsFor(userId) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: desired.storageSize } },
      ...(desired.storageClassName === null ? {} : { storageClassName: desired.storageClassName }),
    },
  }
}
