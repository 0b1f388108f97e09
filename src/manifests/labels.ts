/** Labels and annotations that this service sets. The selector is frozen: it can't be changed on a live Deployment. */

import { namesFor } from './names.ts'

export const MANAGED_BY = 'fluxiondb-provisioner'
/** The field manager of every server-side apply. */
export const FIELD_MANAGER = 'fluxiondb-provisioner'
export const TENANT_LABEL = 'fluxiondb.com/tenant'
/** On a namespace whose create carried an Idempotency-Key: its hash, so that the key used again for another id is found. */
export const CREATE_KEY_LABEL = 'fluxiondb.com/create-key'
/** An operator's word that the service may make a tenant of this id in a namespace that is there already. */
export const PREPARED_LABEL = 'fluxiondb.com/prepared-for'
/** An operator's word that the service may take over what Helm has installed in the namespace as this tenant. */
export const ADOPTABLE_LABEL = 'fluxiondb.com/adoptable-as'
/** On a namespace: what its pods must satisfy. */
export const POD_SECURITY_LABEL = 'pod-security.kubernetes.io/enforce'
/** Before the labels that callers give their tenants: they stand on the namespace and can meddle with nothing. */
export const CALLER_LABEL_PREFIX = 'label.fluxiondb.com/'
/** Finds every pod and ReplicaSet of every database, adopted ones too. */
export const DATABASE_SELECTOR = 'app.kubernetes.io/name=fluxiondb'

export const annotations = {
  /** On the namespace: the tenant's spec as JSON, without secrets. */
  spec: 'fluxiondb.com/spec',
  /** On Deployment and ReplicaSet: the spec generation that wrote it; an older spec must not overwrite a newer one. */
  fence: 'fluxiondb.com/spec-generation',
  /** On the Deployment: the version of the template renderer that made its pod template. */
  renderer: 'fluxiondb.com/renderer',
  /** On the pod template: raised by each operation that changes the template in more than sizes. */
  templateRevision: 'fluxiondb.com/template-revision',
  /** On a ReplicaSet: the count of the quota (its resourceVersion) for which its controller was woken. */
  wokenFor: 'fluxiondb.com/woken-for',
  /** On objects that policies of the cluster rewrite: the fields, with commas between them. */
  rewritten: 'fluxiondb.com/rewritten-fields',
  /** On the Secret: the create or rotation that wrote it, so that exactly one caller is told that it did. */
  operation: 'fluxiondb.com/operation',
} as const

/** On the Secret: a rotation whose key is not in force yet. */
export function pendingAnnotation(operationId: string): string {
  return `${annotations.operation}.${operationId.toLowerCase()}`
}

/** The labels by which a Deployment finds its pods. Never change these: existing Deployments can't be. */
export function selectorLabels(userId: string): Record<string, string> {
  return { 'app.kubernetes.io/name': 'fluxiondb', 'app.kubernetes.io/instance': namesFor(userId).release }
}

/** The labels of every object of a tenant. */
export function labelsFor(userId: string): Record<string, string> {
  return {
    ...selectorLabels(userId),
    'app.kubernetes.io/component': 'database',
    'app.kubernetes.io/managed-by': MANAGED_BY,
    [TENANT_LABEL]: userId,
  }
}

/** The caller's own labels as they stand on the namespace. */
export function callerLabels(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [CALLER_LABEL_PREFIX + key, value]))
}
