import { Problem, type ProblemCode } from '../../errors.ts'
import { type ChangeOptions, refuseUnmet } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { type Created, type CreateRequest, createTenant } from './create.ts'
import { fingerprint, repeated } from './operation.ts'

/**
 * Creates the tenant if it is not there. A repetition of the request that created it is answered like that request, with the same key.
 * @returns undefined if it is there, or is by now, as another create may have been first
 * @throws Problem: a condition does not hold, and what a create throws
 */
export async function createMissing(
  context: TenantContext,
  request: CreateRequest,
  caller: Caller,
  { idempotent, ...conditions }: ChangeOptions,
): Promise<Created | undefined> {
  const live = await without('tenant-not-found', context.repository.read(request.userId))
  const earlier = live && (await repeated(context, live.spec, idempotent && fingerprint(caller, idempotent)))
  if (live?.spec.committed && earlier?.type !== 'create') return undefined
  if (earlier === undefined) refuseUnmet(conditions, undefined)
  return without('tenant-exists', createTenant(context, request, caller, idempotent))
}

/** @returns undefined in place of this problem */
async function without<T>(code: ProblemCode, attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt
  } catch (error) {
    if (error instanceof Problem && error.code === code) return undefined
    throw error
  }
}
