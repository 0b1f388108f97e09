import type {
  KubernetesObject,
  V1Deployment,
  V1Ingress,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1ResourceQuota,
  V1RoleBinding,
  V1Service,
} from '@kubernetes/client-node'
import { DATABASE_SELECTOR, FIELD_MANAGER, TENANT_LABEL } from '../../manifests/labels.ts'
import { isMerged } from '../../manifests/merge.ts'
import { userIdOf } from '../../manifests/names.ts'

/**
 * A resource that is watched in all namespaces: the objects with a label, or with a value of it; undefined: whatever is in a namespace
 * that is named as a tenant's; empty: all.
 */
export type Watched<T extends KubernetesObject> = {
  path: string
  kind: string
  selector: string | undefined
  type?: T
}

/** What is watched. No Secrets: they would all be in this process's memory. */
export const RESOURCES = {
  namespaces: watched<V1Namespace>('Namespace', '/api/v1/namespaces', TENANT_LABEL),
  deployments: watched<V1Deployment>('Deployment', '/apis/apps/v1/deployments', DATABASE_SELECTOR),
  replicaSets: watched<V1ReplicaSet>('ReplicaSet', '/apis/apps/v1/replicasets', DATABASE_SELECTOR),
  pods: watched<V1Pod>('Pod', '/api/v1/pods', DATABASE_SELECTOR),
  // An operator's claim that a tenant is to use has no label of ours.
  claims: watched<V1PersistentVolumeClaim>('PersistentVolumeClaim', '/api/v1/persistentvolumeclaims', undefined),
  services: watched<V1Service>('Service', '/api/v1/services', TENANT_LABEL),
  quotas: watched<V1ResourceQuota>('ResourceQuota', '/api/v1/resourcequotas', TENANT_LABEL),
  networkPolicies: watched<V1NetworkPolicy>(
    'NetworkPolicy',
    '/apis/networking.k8s.io/v1/networkpolicies',
    TENANT_LABEL,
  ),
  ingresses: watched<V1Ingress>('Ingress', '/apis/networking.k8s.io/v1/ingresses', TENANT_LABEL),
  roleBindings: watched<V1RoleBinding>('RoleBinding', '/apis/rbac.authorization.k8s.io/v1/rolebindings', TENANT_LABEL),
} as const

export type Resource = keyof typeof RESOURCES
export type ObjectOf<R extends Resource> = (typeof RESOURCES)[R] extends Watched<infer T> ? T : never

/** @returns undefined if objects of this kind are not watched */
export function resourceOf(kind: string): Resource | undefined {
  return (Object.keys(RESOURCES) as Resource[]).find((resource) => RESOURCES[resource].kind === kind)
}

function watched<T extends KubernetesObject>(kind: string, path: string, selector: string | undefined): Watched<T> {
  return { kind, path, selector }
}

/** Whether an object is one of those that its resource is watched for. */
export function isSelected({ metadata }: KubernetesObject, { selector }: { selector: string | undefined }): boolean {
  if (selector === undefined) return userIdOf(metadata?.namespace ?? '') !== undefined
  if (selector === '') return true
  const [label, value] = selector.split('=') as [string, string?]
  const found = metadata?.labels?.[label]
  return value === undefined ? found !== undefined : found === value
}

/**
 * The object with its kind, which items of a list do not say, and without what nobody here reads, which is most of its text: who
 * manages which field, others' entries above all.
 */
export function reduced<T extends KubernetesObject>(object: T, { kind, path }: { kind: string; path: string }): T {
  const { managedFields, ...metadata } = object.metadata!
  const own = isMerged(kind) ? managedFields?.filter(({ manager }) => manager === FIELD_MANAGER) : undefined
  // `/api/v1/pods` and `/apis/apps/v1/deployments`.
  const apiVersion = path.split('/').slice(2, -1).join('/')
  return { ...object, apiVersion, kind, metadata: own ? { ...metadata, managedFields: own } : metadata }
}
