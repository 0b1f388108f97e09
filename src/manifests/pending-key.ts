/**
 * The key of a rotation waits in an entry of its own, beside the one in force, until the record says that the rotation has begun.
 * So a rotation that is refused has changed nothing, and one that is cut off loses no key. What others keep in the Secret stays.
 */

import type { V1Secret } from '@kubernetes/client-node'
import { annotations, pendingAnnotation } from './labels.ts'
import { SECRET_ENTRY } from './names.ts'

type Parts = { data: Record<string, string>; notes: Record<string, string> }

/** The Secret with a key that waits for its operation. @param operation as JSON, without secrets */
export function withPendingKey(live: V1Secret, operationId: string, operation: string, key: string): V1Secret {
  const { data, notes } = partsOf(live)
  data[entryOf(operationId)] = btoa(key)
  notes[pendingAnnotation(operationId)] = operation
  return assembled(live, data, notes)
}

/** The key that waits for an operation; undefined if there is none. */
export function pendingKeyOf({ data }: V1Secret, operationId: string): string | undefined {
  const value = data?.[entryOf(operationId)]
  return value === undefined ? undefined : atob(value)
}

/**
 * The Secret with the waiting key in force.
 * @param isStale whether the key of another operation, by its id in lower case, waits for nobody any more
 * @returns undefined if no key waits for the operation
 */
export function promoted(live: V1Secret, operationId: string, isStale: (id: string) => boolean): V1Secret | undefined {
  const key = live.data?.[entryOf(operationId)]
  if (key === undefined) return undefined
  const { data, notes } = partsOf(withoutPendingKeys(live, (id) => id === operationId.toLowerCase() || isStale(id)))
  const operation = live.metadata?.annotations?.[pendingAnnotation(operationId)]
  return assembled(
    live,
    { ...data, [SECRET_ENTRY]: key },
    operation === undefined ? notes : { ...notes, [annotations.operation]: operation },
  )
}

/** The Secret without the keys that wait for these operations. @param isGone given ids in lower case */
export function withoutPendingKeys(live: V1Secret, isGone: (id: string) => boolean): V1Secret {
  const { data, notes } = partsOf(live)
  const prefix = entryOf('')
  for (const entry of Object.keys(data)) {
    const id = entry.slice(prefix.length)
    if (!entry.startsWith(prefix) || !isGone(id)) continue
    delete data[entry]
    delete notes[pendingAnnotation(id)]
  }
  return assembled(live, data, notes)
}

const entryOf = (operationId: string) => `${SECRET_ENTRY}.${operationId.toLowerCase()}`

function partsOf({ data, metadata }: V1Secret): Parts {
  return { data: { ...data }, notes: { ...metadata?.annotations } }
}

function assembled(live: V1Secret, data: Parts['data'], notes: Parts['notes']): V1Secret {
  return { ...live, metadata: { ...live.metadata, annotations: notes }, data }
}
