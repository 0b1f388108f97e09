import { createHash } from 'node:crypto'
import { ulid } from 'ulid'
import { canonicalJson } from '../../canonical-json.ts'
import { fromNow, now } from '../../clock.ts'
import { problem } from '../../errors.ts'
import { traceparent } from '../../spans.ts'
import type { Idempotency, Operation, OperationType } from '../record/operation.ts'
import type { Spec } from '../record/spec.ts'
import type { Caller, IdempotentRequest, TenantContext } from './context.ts'

/** A new operation that a caller asked for; it runs from now on. */
export function startOperation(
  { defaults }: TenantContext,
  type: OperationType,
  caller: Caller,
  idempotent?: IdempotentRequest,
): Operation {
  return {
    id: ulid(),
    type,
    state: 'running',
    startedAt: now(),
    deadline: fromNow(defaults.operationTimeoutSeconds),
    finishedAt: null,
    requestedBy: caller.id,
    ...traceparent(),
    ...(idempotent ? { idempotency: fingerprint(caller, idempotent) } : {}),
  }
}

/** Hashes, so that neither the caller's key nor the request stands in the cluster. The order of JSON keys makes no other request. */
export function fingerprint(caller: Caller, { key, request }: IdempotentRequest): Idempotency {
  return { key: hash([caller.id, key]), request: hash(request) }
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/**
 * The operation that the same request has already started, if it has.
 * @throws problem `idempotency-key-reused` if the key came with another request
 */
export async function repeated(
  { operations }: TenantContext,
  { userId, operation, ended }: Spec,
  idempotency: Idempotency | undefined,
): Promise<Operation | undefined> {
  if (idempotency === undefined) return undefined
  const known = [operation, ...ended]
  const match = known.find(hasKey(idempotency)) ?? (await operations.read(userId)).find(hasKey(idempotency))
  if (match && match.idempotency?.request !== idempotency.request) throw reusedKey()
  return match
}

export function reusedKey() {
  return problem('idempotency-key-reused', undefined, {
    errors: [{ pointer: 'Idempotency-Key', message: 'has come with another request before; use a new one' }],
  })
}

const hasKey = (idempotency: Idempotency) => (operation: Operation) => operation.idempotency?.key === idempotency.key
