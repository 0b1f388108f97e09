import { problem } from '../../errors.ts'
import { userIdOf } from '../../manifests/names.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { observeCached } from '../observe/cached.ts'
import { gather } from '../observe/gather.ts'
import { claimSizes, type Observed } from '../observe/observed.ts'
import { desireRam } from '../options/desire.ts'
import { dryRunPod } from '../options/dry-run.ts'
import { gatherFacts } from '../plan/facts.ts'
import { runOf } from '../plan/outcome.ts'
import { type Change, planChange } from '../plan/plan.ts'
import { etagOf } from '../record/etag.ts'
import type { Plan, Reason, Strategy } from '../record/plan.ts'
import type { Recorded } from '../record/repository.ts'
import { withOperation } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, changeTenant, refuseDeleted, refusePurged, refuseUnmet } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { termsOf } from './desired-state.ts'
import { ramOf } from './sizes.ts'

export type ResizeRequest = { ramSize: string; strategy?: Strategy | undefined }

/**
 * Gives a tenant another RAM size; CPU and storage follow, storage never shrinks. Goes by the same plan that a dry run shows.
 * @throws Problem: the size is not allowed, the tenant is deleted, the plan is not feasible
 */
export async function resizeTenant(
  context: TenantContext,
  userId: string,
  request: ResizeRequest,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  ramOf(request.ramSize, context, caller)
  return changeTenant(context, userId, 'resize', caller, options, async (live, operation) => {
    const { spec } = live
    const { plan, to, observed } = await prepare(context, live, request, caller, options.force)
    if (plan.changes.length === 0 && spec.operation.state !== 'failed') return spec
    if (!plan.feasible) throw notFeasible(plan, '/ramSize')
    const resize = plan.expectedDisruption === 'restart' ? 'restart' : 'inPlace'
    const planned = { ...operation, plan, resize, before: runOf(observed.pods) } as const
    return withOperation(spec, planned, { desired: to })
  })
}

/** What a resize would do, and why; nothing is changed. @throws Problem as the resize would, but for one not feasible */
export async function planTenantResize(
  context: TenantContext,
  userId: string,
  request: ResizeRequest,
  caller: Caller,
  options: ChangeOptions,
): Promise<Plan> {
  ramOf(request.ramSize, context, caller)
  const live = await context.repository.read(userId)
  refuseUnmet(options, etagOf(live))
  return (await prepare(context, live, request, caller, options.force)).plan
}

async function prepare(
  context: TenantContext,
  live: Recorded,
  { ramSize, strategy = 'auto' }: ResizeRequest,
  caller: Caller,
  force = false,
) {
  refusePurged(live)
  refuseDeleted(live.spec)
  const { desired, userId } = live.spec
  const observed = await observe(context, userId)
  const current = largest(bytesOf(desired.storageSize)!, claimSizes(observed.claim).capacity)
  const to = desireRam(termsOf(context), ramOf(ramSize, context, caller), { desired, storage: current })
  return { plan: await planFor(context, observed, { from: desired, to, strategy, force }), to, observed }
}

/** The tenant as it runs now. @throws problem `tenant-not-found` */
export async function observe({ apis, cache }: TenantContext, userId: string): Promise<Observed> {
  const cached = cache.synced ? observeCached(cache, userId) : undefined
  const observed = cached ?? (await gather(apis, userId))
  if (observed === undefined) throw problem('tenant-not-found')
  return observed
}

/**
 * What a change would do to the tenant as it was observed.
 * @throws Problem, KubernetesError: a policy of the cluster denies it, or the cluster does not answer
 */
export async function planFor(context: TenantContext, observed: Observed, change: Change): Promise<Plan> {
  const { apis, capabilities, defaults } = context
  const plan = planChange(change, await gatherFacts(apis, observed, change, await capabilities()))
  const userId = userIdOf(observed.namespace.metadata!.name!)!
  if (plan.feasible && plan.expectedDisruption === 'restart') {
    await dryRunPod(apis, defaults.scratchNamespace, userId, change.to)
  }
  return plan
}

/** @throws problem `not-feasible` with the obstacles, if there are any */
export function refuseObstacles(reasons: readonly Reason[]): void {
  if (reasons.length > 0) throw notFeasible({ reasons: [...reasons] }, '')
}

/** @param pointer the part of the request that cannot be carried out */
export function notFeasible({ reasons }: Pick<Plan, 'reasons'>, pointer: string) {
  const detail = reasons.map(({ message }) => message).join('; ')
  const errors = reasons.map(({ code, message }) => ({ pointer, message: `${code}: ${message}` }))
  return problem('not-feasible', `${detail}.`, { errors })
}

const largest = (a: bigint, b: bigint) => (a > b ? a : b)
