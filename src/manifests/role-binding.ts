import type { RbacV1Subject, V1RoleBinding } from '@kubernetes/client-node'
import { labelsFor } from './labels.ts'
import { namesFor } from './names.ts'

/** Who this service is in the cluster, and the ClusterRole with the rights that it needs inside a tenant's namespace. */
export type ServiceIdentity = { username: string; tenantRole: string }

/**
 * Lets the service read and replace this tenant's Secret. It has no such right cluster-wide, so the binding is what confines
 * it to namespaces that it made.
 */
export function renderRoleBinding(userId: string, serviceIdentity: ServiceIdentity): V1RoleBinding {
  const { namespace, roleBinding: name } = namesFor(userId)
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace, labels: labelsFor(userId) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: serviceIdentity.tenantRole },
    subjects: [subjectFor(serviceIdentity.username)],
  }
}

function subjectFor(username: string): RbacV1Subject {
  const [, , namespace, name] = username.startsWith('system:serviceaccount:') ? username.split(':') : []
  if (namespace && name) return { kind: 'ServiceAccount', name, namespace }
  return { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: username }
}
