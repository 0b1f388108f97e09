import { sameJson } from '../../canonical-json.ts'
import { type FieldError, Problem, type ProblemCode, problem } from '../../errors.ts'
import type { Desired } from '../../manifests/desired.ts'
import { namesFor } from '../../manifests/names.ts'
import type { Asked, Options } from '../../manifests/options.ts'
import type { Policy, SizePlan } from '../../policy/policy.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import { namedIn, notListed, notPermitted } from '../options/allowed.ts'
import { type Current, defaultsOf, desire, desireRam, type Terms, withHost } from '../options/desire.ts'
import { takenHosts } from '../options/hosts.ts'
import { changedForGood } from '../options/immutable-options.ts'
import { isOwnOption } from '../options/own.ts'
import { brokenRules, contradictions, type Fixed } from '../options/rules.ts'
import { mergePatch } from '../options/settle.ts'
import { tooLarge } from '../record/limits.ts'
import type { Caller, TenantContext } from './context.ts'
import { ramOf } from './sizes.ts'

/** A tenant as a request declares it. Exactly one of `ramSize` and `plan` says its size. */
export type TenantRequest = {
  ramSize?: string | undefined
  plan?: string | undefined
  options?: (Asked & Fixed) | undefined
}

export function termsOf({ defaults, policy }: TenantContext): Terms {
  return { options: defaults.options, cpuRequestPercent: defaults.cpuRequestPercent, policy: policy.current }
}

/** @throws problem `invalid-request` for a plan that is not on the list */
function sizePlanOf({ plans }: Policy, name: string): SizePlan {
  const found = plans.find((plan) => plan.name === name)
  if (found) return found
  const names = plans.map((plan) => plan.name).join(', ') || 'none'
  const message = `${JSON.stringify(name)} is not a plan of this service; plans: ${names}`
  throw problem('invalid-request', `plan: ${message}.`, { errors: [{ pointer: '/plan', message }] })
}

/**
 * What a tenant shall be by a request that declares it whole, after every check that can be made without a side effect.
 * @param current absent: it is to be created
 * @throws Problem: a rule of this service is broken, the operator does not allow it, the cluster would refuse it
 */
export async function desiredByRequest(
  context: TenantContext,
  userId: string,
  request: TenantRequest,
  caller: Caller,
  current?: Current,
): Promise<Desired> {
  const { ramSize, plan, options = {} } = request
  if ((ramSize === undefined) === (plan === undefined)) {
    throw plan === undefined ? badRam('is missing; a plan may stand in its place') : besidePlan()
  }
  const terms = termsOf(context)
  const sizePlan = plan === undefined ? undefined : sizePlanOf(terms.policy, plan)
  const ram = ramOf(sizePlan?.ramSize ?? ramSize!, context, caller)
  refuseBroken(userId, options, ram)
  const asked = withoutFixed(options)
  const named = [...namedIn(asked as never), ...(plan === undefined ? [] : ['plan'])]
  const dropped = current ? namedIn(removed(current.desired.asked, asked)) : []
  refuseNotOpen(terms, caller, [...named, ...dropped])
  const desired = withHost(terms.policy, userId, desire(terms, { ram, sizePlan, asked }, current))
  await refuseRest(context, userId, asked, desired, current?.desired.options)
  return desired
}

const besidePlan = () => badRam('must not stand beside a plan')
function badRam(message: string): Problem {
  return problem('invalid-request', `ramSize ${message}.`, { errors: [{ pointer: '/ramSize', message }] })
}

/** A change of some options of a tenant, and of its RAM: RFC 7386, null gives a part back to the default. */
export type TenantPatch = {
  ramSize?: string | undefined
  plan?: string | null | undefined
  options?: (Asked & Fixed) | undefined
}

/** What a tenant shall be after a patch. @throws Problem as `desiredByRequest` */
export async function desiredByPatch(
  context: TenantContext,
  userId: string,
  { ramSize, plan, options = {} }: TenantPatch,
  caller: Caller,
  current: Current,
): Promise<Desired> {
  if (ramSize !== undefined && typeof plan === 'string') throw besidePlan()
  const terms = termsOf(context)
  const before = current.desired
  const isOnPlan = plan === undefined && before.sizePlan !== null
  const sizePlan = isOnPlan
    ? { name: before.sizePlan!.name, description: '', ramSize: before.ramSize, options: before.sizePlan!.options }
    : typeof plan === 'string'
      ? sizePlanOf(terms.policy, plan)
      : undefined
  // A size that is not asked for is not judged: it may have been taken over, or be from before the bounds.
  const ram = typeof plan === 'string' ? ramOf(sizePlan!.ramSize, context, caller) : bytesOf(before.ramSize)!
  const resized = ramSize === undefined ? undefined : ramOf(ramSize, context, caller)
  const patch = withoutFixed(options)
  const asked = mergePatch(before.asked, patch)
  refuseBroken(userId, { ...asked, ...fixedOf(options) }, resized ?? ram)
  refuseNotOpen(terms, caller, [...namedIn(patch as never), ...(plan === undefined ? [] : ['plan'])])
  const wish = { ram, sizePlan, asked, released: patch }
  const kept = desire(terms, wish, current)
  const sized = resized === undefined ? kept : desireRam(terms, resized, { ...current, desired: kept })
  const desired = withHost(terms.policy, userId, sized)
  await refuseRest(context, userId, patch, desired, before.options)
  return desired
}

function refuseBroken(userId: string, options: Asked & Fixed, ram: bigint): void {
  refuse('invalid-request', brokenRules(userId, options, ram))
}

function refuse(code: ProblemCode, errors: FieldError[]): void {
  const [first] = errors
  if (first) throw problem(code, `${first.pointer}: ${first.message}.`, { errors })
}

function refuseNotOpen({ policy }: Terms, { scopes }: Caller, named: readonly string[]): void {
  const errors = notPermitted(policy, scopes, [...new Set(named)])
  if (errors.length === 0) return
  throw problem('option-not-allowed', `${errors.map(({ pointer }) => pointer).join(', ')}: not open to you.`, {
    errors,
  })
}

async function refuseRest(
  context: TenantContext,
  userId: string,
  asked: Asked,
  desired: Desired,
  before?: Options,
): Promise<void> {
  const terms = termsOf(context)
  const { options } = desired
  refuse('option-not-allowed', notListed(terms.policy, userId, asked, options, defaultsOf(terms)))
  if (before) refuse('not-feasible', changedForGood(before, options))
  refuse('invalid-request', newContradictions(context, options, before))
  const size = tooLarge(desired)
  if (size) refuse('invalid-request', [{ pointer: '/options', message: size }])
  const { namespace } = namesFor(userId)
  const others = context.cache.list('ingresses').filter(({ metadata }) => metadata?.namespace !== namespace)
  const known = before?.ingress.enabled ? before.ingress.hosts.map(({ host }) => host) : []
  refuse('not-feasible', takenHosts(options.ingress, known, others))
  const isPlain = Object.keys(asked).every(isOwnOption)
  if (isPlain && before) return
  await context.trials.pass(context.defaults.scratchNamespace, userId, desired).catch((error: unknown) => {
    // A create without options needs no namespace for trials; what a policy says of it shows later, as its operation fails.
    if (!isPlain || !(error instanceof Problem) || error.code !== 'not-ready') throw error
  })
}

/** Not those that were there before: they may have been taken over. */
function newContradictions({ defaults }: TenantContext, options: Options, before?: Options): FieldError[] {
  const old = before ? contradictions(before, defaults.operationTimeoutSeconds) : []
  return contradictions(options, defaults.operationTimeoutSeconds).filter(
    ({ pointer }) => !old.some((one) => one.pointer === pointer),
  )
}

function fixedOf({ replicaCount, storage }: Asked & Fixed): Fixed {
  const { accessModes } = (storage ?? {}) as NonNullable<Fixed['storage']>
  return {
    ...(replicaCount === undefined ? {} : { replicaCount }),
    ...(accessModes === undefined ? {} : { storage: { ...storage, accessModes } }),
  }
}

/** What is recorded: what can have one value only is checked, and then of no interest. */
function withoutFixed({ replicaCount: _, ...options }: Asked & Fixed): Asked {
  if (!options.storage || !('accessModes' in options.storage)) return options as Asked
  const { accessModes: _modes, ...storage } = options.storage
  return { ...options, storage } as Asked
}

/** The parts of what was asked for that are not asked for any more. */
function removed(before: Asked, after: Asked): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(before).filter(([key, value]) => !sameJson(value, after[key as keyof Asked])),
  )
}
