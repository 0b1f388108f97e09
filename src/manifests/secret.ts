import type { V1Secret } from '@kubernetes/client-node'
import { annotations, labelsFor } from './labels.ts'
import { namesFor, SECRET_ENTRY } from './names.ts'

/**
 * The only place where a database's key is kept. Posted or replaced, never applied: whoever posts it has created the tenant.
 * @param key undefined: it is in another Secret, and this one only says that the tenant exists
 * @param operation who wrote it, as JSON: the operation's id and idempotency hashes, no secret
 */
export function renderSecret(userId: string, key: string | undefined, operation: string): V1Secret {
  const { namespace, secret } = namesFor(userId)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secret,
      namespace,
      labels: labelsFor(userId),
      annotations: { [annotations.operation]: operation },
    },
    type: 'Opaque',
    // `data`, as `stringData` is write-only and breaks comparisons.
    data: key === undefined ? {} : { [SECRET_ENTRY]: btoa(key) },
  }
}

/** The key in a Secret that was read, or undefined if the Secret has no such entry. */
export function keyOf(secret: V1Secret): string | undefined {
  const value = secret.data?.[SECRET_ENTRY]
  return value === undefined ? undefined : atob(value)
}
