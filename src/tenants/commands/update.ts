import { sameJson } from '../../canonical-json.ts'
import { problem } from '../../errors.ts'
import type { Desired } from '../../manifests/desired.ts'
import { pendingKeyOf } from '../../manifests/pending-key.ts'
import { keyOf } from '../../manifests/secret.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { claimSizes } from '../observe/observed.ts'
import { type Current, withTemplate } from '../options/desire.ts'
import { runOf } from '../plan/outcome.ts'
import { etagOf } from '../record/etag.ts'
import type { Plan } from '../record/plan.ts'
import type { Recorded } from '../record/repository.ts'
import { withOperation } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, changeTenant, refuseDeleted, refusePurged, refuseUnmet } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { desiredByPatch, desiredByRequest, type TenantPatch, type TenantRequest } from './desired-state.ts'
import { notFeasible, observe, planFor } from './resize.ts'

/** What a request makes of a tenant. @throws Problem */
type Change = (current: Current) => Promise<Desired>

/** A change of options by merge patch. */
export function patchOf(context: TenantContext, userId: string, patch: TenantPatch, caller: Caller): Change {
  return (current) => desiredByPatch(context, userId, patch, caller, current)
}

/** The tenant as a request declares it whole. */
export function declarationOf(context: TenantContext, userId: string, request: TenantRequest, caller: Caller): Change {
  return (current) => desiredByRequest(context, userId, request, caller, current)
}

/**
 * Changes options of a tenant, and its size if the plan is another. Goes by the same plan that a dry run shows: one restart if
 * the pod must be another one, and none if not.
 * @throws Problem: a value is not allowed, the tenant is deleted, the change is not feasible
 */
export function updateTenant(
  context: TenantContext,
  userId: string,
  change: Change,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return changeTenant(context, userId, 'update', caller, options, async (live, operation) => {
    const { spec } = live
    const { plan, to, observed } = await prepare(context, live, change, options.force)
    if (sameJson(to, spec.desired) && spec.operation.state !== 'failed') return spec
    if (!plan.feasible) throw notFeasible(plan, '')
    const resize = plan.expectedDisruption === 'restart' ? 'restart' : 'inPlace'
    const planned = { ...operation, plan, resize, before: runOf(observed.pods) } as const
    return withOperation(spec, planned, { desired: to })
  })
}

/** What an update would do; nothing is changed. @throws Problem as the update would, but for one not feasible */
export async function planTenantUpdate(
  context: TenantContext,
  userId: string,
  change: Change,
  options: ChangeOptions,
): Promise<Plan> {
  const live = await context.repository.read(userId)
  refuseUnmet(options, etagOf(live))
  return (await prepare(context, live, change, options.force)).plan
}

async function prepare(context: TenantContext, live: Recorded, change: Change, force = false) {
  refusePurged(live)
  refuseDeleted(live.spec)
  const { desired, userId } = live.spec
  const observed = await observe(context, userId)
  const { capacity } = claimSizes(observed.claim)
  const recorded = bytesOf(desired.storageSize)!
  const wanted = await change({ desired, storage: capacity > recorded ? capacity : recorded })
  const to = withTemplate(userId, desired, wanted)
  return { plan: await planFor(context, observed, { from: desired, to, strategy: 'auto', force }), to, observed }
}

/** A key is not changed in passing: that would start the database anew. @throws problem `key-differs` */
export async function refuseOtherKey(context: TenantContext, userId: string, key: string | undefined): Promise<void> {
  if (key === undefined) return
  const { spec } = await context.repository.read(userId)
  const secret = await context.repository.readSecret(userId, await context.serviceIdentity())
  const current = secret && ((spec.pendingKey && pendingKeyOf(secret, spec.pendingKey)) || keyOf(secret))
  if (secret === undefined || current === key) return
  const message = 'is not the key of this tenant; POST /tenants/{id}/rotate-key changes it, with one restart'
  throw problem('key-differs', `apiKey ${message}.`, { errors: [{ pointer: '/apiKey', message }] })
}
