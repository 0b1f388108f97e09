import type { ProvisionerClient } from './client.ts'
import type { Operation, Tenant } from './generated/api.ts'
import { unwrap } from './problem.ts'

const LOOK_MS = 1000

export type WaitOptions = {
  /** Told of the operation whenever it was looked at, as for a bar of its steps. */
  onLook?: (operation: Operation) => unknown
  signal?: AbortSignal
}

/** An operation that did not succeed. */
export class OperationError extends Error {
  override name = 'OperationError'
  readonly operation: Operation

  constructor(operation: Operation) {
    super(operation.failure?.message ?? `the operation has ${operation.state}`)
    this.operation = operation
  }
}

/**
 * Waits until the operation of a tenant has ended, as of the answer to a write.
 * @returns the operation, with what it truly did
 * @throws OperationError if it failed or a newer one took its place; ProblemError
 */
export async function waitForOperation(
  client: ProvisionerClient,
  { userId, operation: { id: operationId } }: Pick<Tenant, 'userId' | 'operation'>,
  { onLook, signal }: WaitOptions = {},
): Promise<Operation> {
  const path = { id: userId, operationId }
  for (;;) {
    const call = client.GET('/tenants/{id}/operations/{operationId}', { params: { path }, ...(signal && { signal }) })
    const operation = await unwrap(call)
    onLook?.(operation)
    if (operation.state === 'succeeded') return operation
    if (operation.state !== 'running') throw new OperationError(operation)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    signal?.throwIfAborted()
  }
}
