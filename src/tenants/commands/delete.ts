import { problem } from '../../errors.ts'
import { isTerminating } from '../observe/observed.ts'
import { withOperation } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, changeTenant, refusePurged } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { dryRunState } from './dry-run-state.ts'

/**
 * Stops a tenant and keeps its data, Secret and address. A deleted one stays as it is.
 * @throws problem `tenant-protected`, `tenant-not-found`
 */
export function deleteTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return changeTenant(context, userId, 'delete', caller, options, async ({ spec, namespace }, operation) => {
    if (spec.deletedAt !== null || spec.purgeRequestedAt !== null || isTerminating(namespace)) return spec
    if (spec.desired.options.protected) throw protectedTenant()
    const to = withOperation(spec, operation, { deletedAt: operation.startedAt })
    await dryRunState(context, to)
    return to
  })
}

/**
 * Removes a tenant with all its data, whatever state it is in.
 * @throws problem `tenant-protected`, `tenant-not-found`
 */
export function purgeTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return changeTenant(context, userId, 'purge', caller, options, ({ spec, namespace }, operation) => {
    if (spec.purgeRequestedAt !== null || isTerminating(namespace)) return spec
    if (spec.desired.options.protected) throw protectedTenant()
    const deletedAt = spec.deletedAt ?? operation.startedAt
    return withOperation(spec, operation, { deletedAt, purgeRequestedAt: operation.startedAt })
  })
}

/**
 * Brings a deleted tenant back with its data. One that is not deleted stays as it is.
 * @throws problem `tenant-deleting` if it is being purged, `tenant-not-found`
 */
export function undeleteTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return changeTenant(context, userId, 'undelete', caller, options, async (live, operation) => {
    refusePurged(live)
    if (live.spec.deletedAt === null) return live.spec
    const to = withOperation(live.spec, operation, { deletedAt: null })
    await dryRunState(context, to)
    return to
  })
}

function protectedTenant() {
  return problem('tenant-protected', 'A protected tenant cannot be deleted; set protected to false first.')
}
