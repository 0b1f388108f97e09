import type { V1Namespace } from '@kubernetes/client-node'
import {
  ADOPTABLE_LABEL,
  annotations,
  CREATE_KEY_LABEL,
  callerLabels,
  labelsFor,
  POD_SECURITY_LABEL,
} from './labels.ts'
import { namesFor } from './names.ts'

/**
 * The root of a tenant. It is posted once and then only its spec annotation changes.
 * @param spec the tenant's spec as JSON, without secrets
 * @param labels the caller's own
 * @param createKey hash of the create's Idempotency-Key, if it had one (at most 63 characters of a label value)
 */
export function renderNamespace(
  userId: string,
  spec: string,
  labels: Record<string, string> = {},
  createKey?: string,
): V1Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namesFor(userId).namespace,
      labels: {
        ...callerLabels(labels),
        ...labelsFor(userId),
        [POD_SECURITY_LABEL]: 'restricted',
        ...(createKey === undefined ? {} : { [CREATE_KEY_LABEL]: createKey }),
      },
      annotations: { [annotations.spec]: spec },
    },
  }
}

/** What makes a namespace a tenant's that Helm has filled. Its Pod Security stays: the pod that runs was made without ours. */
export function renderAdopted(userId: string, spec: string): V1Namespace {
  const labels = { ...labelsFor(userId), [ADOPTABLE_LABEL]: null as never }
  return { metadata: { labels, annotations: { [annotations.spec]: spec } } }
}
