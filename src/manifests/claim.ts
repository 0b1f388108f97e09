import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import type { Desired, Tenant } from './desired.ts'
import { labelsFor, TENANT_LABEL } from './labels.ts'
import { namesFor } from './names.ts'

/** The claim that holds the tenant's data; undefined: it has no storage. */
export function claimNameOf(userId: string, { options }: Desired): string | undefined {
  const { enabled, existingClaim } = options.storage
  return enabled ? (existingClaim ?? namesFor(userId).fullname) : undefined
}

/**
 * The volume that holds the tenant's data. Only its requested size ever changes, and only upwards. Of a claim that an operator
 * has prepared nothing but that size and our label is ours.
 */
export function renderClaim({ userId, desired }: Tenant): V1PersistentVolumeClaim | undefined {
  const { storageClass, existingClaim } = desired.options.storage
  const name = claimNameOf(userId, desired)
  if (name === undefined) return undefined
  const object = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }
  const { namespace } = namesFor(userId)
  const resources = { requests: { storage: desired.storageSize } }
  if (existingClaim !== null) {
    return { ...object, metadata: { name, namespace, labels: { [TENANT_LABEL]: userId } }, spec: { resources } }
  }
  return {
    ...object,
    metadata: { name, namespace, labels: labelsFor(userId) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources,
      ...(storageClass === null ? {} : { storageClassName: storageClass }),
    },
  }
}
