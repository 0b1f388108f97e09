import { problem } from '../../errors.ts'
import { isTerminating } from '../observe/observed.ts'
import { type Conditions, etagOf, unmet } from '../record/etag.ts'
import type { Operation, OperationType } from '../record/operation.ts'
import type { Recorded } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { beingDeleted } from './claim-namespace.ts'
import type { Caller, IdempotentRequest, TenantContext } from './context.ts'
import { fingerprint, repeated, startOperation } from './operation.ts'

/**
 * What a write asks for besides its body.
 * `force`: the change is made even if there is no room for the new pod now.
 */
export type ChangeOptions = Conditions & { idempotent?: IdempotentRequest | undefined; force?: boolean | undefined }

/** The tenant's record after a change, the operation that answers it, and what was desired before; undefined: there was no tenant. */
export type Changed = Recorded & { operation: Operation; before?: Spec['desired'] | undefined }

/**
 * Records a change of a tenant as a new operation, and has it carried out. A running operation is superseded.
 * @param change the new spec; the same object: nothing is to be done, and no operation begins
 * @throws Problem: no such tenant, it is being deleted for good, it is not as `conditions` say; and what `change` throws
 */
export async function changeTenant(
  context: TenantContext,
  userId: string,
  type: OperationType,
  caller: Caller,
  { idempotent, ...conditions }: ChangeOptions,
  change: (recorded: Recorded, operation: Operation) => Spec | Promise<Spec>,
): Promise<Changed> {
  const operation = startOperation(context, type, caller, idempotent)
  let answered: Operation | undefined
  let before: Spec['desired'] | undefined
  const recorded = await context.repository.change(userId, async (live) => {
    // Written before, though the answer to it was lost.
    if (live.spec.operation.id === operation.id) return live.spec
    answered = await repeated(context, live.spec, idempotent && fingerprint(caller, idempotent))
    if (answered) return live.spec
    refuseUnmet(conditions, etagOf(live))
    before = live.spec.desired
    return change(live, operation)
  })
  context.reconciler.enqueue(userId)
  return { ...recorded, operation: answered ?? recorded.spec.operation, before: before ?? recorded.spec.desired }
}

/** @param etag as `unmet` takes it. @throws problem `precondition-failed` */
export function refuseUnmet(conditions: Conditions, etag: string | null | undefined): void {
  const header = unmet(conditions, etag)
  if (header === undefined) return
  if (header === 'If-None-Match') throw problem('precondition-failed', 'If-None-Match rules out what is there.')
  const found = etag === undefined ? 'There is nothing here' : 'What is there has another ETag'
  throw problem('precondition-failed', `${found}, so If-Match does not hold.`)
}

/** @throws problem `tenant-deleting` once a tenant is going for good */
export function refusePurged({ spec, namespace }: Recorded): void {
  if (spec.purgeRequestedAt !== null || isTerminating(namespace)) throw beingDeleted()
}

/** @throws problem `tenant-deleted` */
export function refuseDeleted({ userId, deletedAt }: Spec): void {
  if (deletedAt !== null) {
    throw problem('tenant-deleted', `POST /tenants/${userId}/undelete brings it back with its data.`)
  }
}
