import type { V1ConfigMap } from '@kubernetes/client-node'
import { labelsFor } from './labels.ts'
import { namesFor } from './names.ts'

/** The ConfigMap's entry that holds the operations, newest first, as a JSON array. */
export const OPERATIONS_ENTRY = 'operations.json'
/** What the tenant was given and when, oldest first, as a JSON array. */
export const ALLOTMENTS_ENTRY = 'allotments.json'

/**
 * The tenant's operations with their steps. It is apart from the namespace because steps change often, and every write to the
 * namespace would make a caller's change conflict.
 * @param resourceVersion of the ConfigMap that the texts were made from; absent: it shall not exist yet
 */
export function renderOperations(
  userId: string,
  operations: string,
  resourceVersion?: string,
  allotments = '[]',
): V1ConfigMap {
  const { namespace, operations: name } = namesFor(userId)
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: labelsFor(userId), ...(resourceVersion ? { resourceVersion } : {}) },
    data: { [OPERATIONS_ENTRY]: operations, [ALLOTMENTS_ENTRY]: allotments },
  }
}
