import { problem } from '../../errors.ts'
import type { Options } from '../../manifests/options.ts'
import { defaultsOf } from '../options/desire.ts'
import { settle } from '../options/settle.ts'
import { runOf } from '../plan/outcome.ts'
import type { Run } from '../record/outcome.ts'
import type { Plan } from '../record/plan.ts'
import type { Spec } from '../record/spec.ts'
import { withOperation } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, changeTenant, refuseDeleted, refusePurged } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { termsOf } from './desired-state.ts'
import { dryRunState } from './dry-run-state.ts'
import { notFeasible, observe, planFor } from './resize.ts'

/** Stops the database and keeps all else; sizes may change meanwhile. @throws Problem: no such tenant, or it is deleted */
export function suspendTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return setSuspended(context, userId, true, caller, options)
}

/** Starts a suspended database with its data. @throws Problem: no such tenant, or it is deleted */
export function resumeTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return setSuspended(context, userId, false, caller, options)
}

function setSuspended(
  context: TenantContext,
  userId: string,
  suspended: boolean,
  caller: Caller,
  options: ChangeOptions,
) {
  const type = suspended ? 'suspend' : 'resume'
  return changeTenant(context, userId, type, caller, options, async (live, operation) => {
    refusePurged(live)
    refuseDeleted(live.spec)
    if (live.spec.suspended === suspended) return live.spec
    const to = withOperation(live.spec, operation, { suspended })
    await dryRunState(context, to)
    return to
  })
}

/**
 * Starts the database anew, once, with the pod template and the image of today.
 * @throws Problem: no such tenant, it is deleted or suspended, no new pod would start
 */
export function restartTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  return changeTenant(context, userId, 'restart', caller, options, async (live, operation) => {
    const { spec } = live
    refusePurged(live)
    refuseDeleted(spec)
    if (spec.suspended) throw problem('tenant-suspended', 'A suspended tenant does not run; resume starts it.')
    const desired = { ...renewed(spec), options: withTodaysImage(context, spec) }
    const planned = await planRestart(context, spec, desired, options.force)
    return withOperation(spec, { ...operation, ...planned }, { desired })
  })
}

/** The plan of a restart with another template, and the run that it ends. @throws problem `not-feasible` */
export async function planRestart(
  context: TenantContext,
  { userId, desired: from }: Spec,
  to: Spec['desired'],
  force = false,
): Promise<{ plan: Plan; before: Run | null }> {
  const observed = await observe(context, userId)
  const plan = await planFor(context, observed, { from, to, strategy: 'restart', force })
  if (!plan.feasible) throw notFeasible(plan, '')
  return { plan, before: runOf(observed.pods) }
}

/** The image that the operator gives today, as far as nobody has asked for another. */
function withTodaysImage(context: TenantContext, { desired }: Spec): Options {
  const { options, asked, kept, sizePlan } = desired
  const released = [{ image: { repository: null, tag: null, pullPolicy: null } }]
  return settle(defaultsOf(termsOf(context)), [kept ?? {}, sizePlan?.options ?? {}, asked], { options, released })
}

/** What is desired, with a pod template that is rendered anew: one restart, if it runs. */
export function renewed({ desired }: Spec): Spec['desired'] {
  return { ...desired, templateRevision: desired.templateRevision + 1 }
}
