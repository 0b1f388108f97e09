/**
 * What a record may take. Kubernetes holds 256 KiB of annotations in all on a namespace; a record has what is desired and what last
 * worked, the current operation and those that have ended, and 30 KiB are left for what others write there.
 */

import type { Desired } from '../../manifests/desired.ts'
import type { Operation } from './operation.ts'

const KiB = 1024
const DESIRED_BYTES = 84 * KiB
const ENDED_BYTES = 32 * KiB
/** The longest reason for a failure that is recorded; the words of a webhook may be of any length. */
const MESSAGE_LENGTH = 1000
/** The longest text of an option that a plan shows (its `from` and `to` are recorded with it). */
const SHOWN_LENGTH = 100

/** Why what is desired cannot be recorded, as a sentence part that follows what it is about; undefined if it can. */
export function tooLarge(desired: Desired): string | undefined {
  const bytes = bytesIn(desired)
  if (bytes <= DESIRED_BYTES) return undefined
  return `come to ${bytes} bytes in the record of the tenant, which holds ${DESIRED_BYTES}; make lists and texts shorter`
}

/** The newest of these operations, as far as a record has room for them. */
export function newestFitting(ended: readonly Operation[]): Operation[] {
  let bytes = 0
  const first = ended.findLastIndex((operation) => {
    bytes += bytesIn(operation)
    return bytes > ENDED_BYTES
  })
  return ended.slice(first + 1)
}

/** A text as a plan shows it. */
export function shortened(text: string): string {
  return cut(text, SHOWN_LENGTH)
}

/** A reason as an operation records it. */
export function recordable(message: string): string {
  return cut(message, MESSAGE_LENGTH)
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`
}

const bytesIn = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length
