import type { TenantContext } from '../commands/context.ts'
import type { State } from '../observe/state.ts'
import type { Known } from '../observe/tenant-index.ts'
import { type OperationRecord, withSteps } from '../record/history.ts'
import type { Spec } from '../record/spec.ts'
import { describe } from './describe.ts'
import { inKnownWords, wordsFor } from './known-words.ts'

export type ListFilter = {
  includeDeleted: boolean
  state?: State | undefined
  userId?: string | undefined
  /** The size plan. */
  plan?: string | undefined
  /** Labels that callers have given, all of which a tenant must have. */
  labels?: readonly (readonly [key: string, value: string])[]
}

/**
 * The user ids of a page of tenants, in their order, from the watches.
 * @param after the last user id of the page before
 * @returns `next`: the last user id of this page, if there may be more
 */
export function listTenants({ tenants }: TenantContext, filter: ListFilter, limit: number, after: string | undefined) {
  const userIds: string[] = []
  for (const [userId, state] of tenants.states(after)) {
    if (!passes(filter, userId, state) || !isRecorded(filter, () => tenants.specOf(userId))) continue
    if (userIds.length === limit) return { userIds, next: userIds.at(-1) }
    userIds.push(userId)
  }
  return { userIds, next: undefined }
}

export type OperationFilter = { state?: string | undefined; type?: string | undefined; userId?: string | undefined }

/**
 * The newest operation of each tenant by user id, from the watches, without its steps.
 * @param after the last user id of the page before
 * @returns `next`: the last user id of this page, if there may be more
 */
export function listNewest(
  { tenants }: TenantContext,
  filter: OperationFilter,
  limit: number,
  after: string | undefined,
) {
  const items: { userId: string; operation: OperationRecord }[] = []
  for (const [userId] of tenants.states(after)) {
    if (filter.userId !== undefined && filter.userId !== userId) continue
    const { operation } = tenants.specOf(userId)!
    const { state, type } = wordsFor(operation)
    if ((filter.state ?? state) !== state || (filter.type ?? type) !== type) continue
    if (items.length === limit) return { items, next: items.at(-1)?.userId }
    items.push({ userId, operation: inKnownWords(withSteps(operation)) })
  }
  return { items, next: undefined }
}

/** A tenant as a list shows it: as the watches know it, without the steps of its operation. */
export function viewListed({ spec, observed }: Known) {
  return { ...describe(spec, observed), operation: inKnownWords(withSteps(spec.operation)) }
}

function passes({ includeDeleted, state, userId: only }: ListFilter, userId: string, is: State): boolean {
  if (only !== undefined && only !== userId) return false
  return state === undefined ? includeDeleted || is !== 'deleted' : is === state
}

function isRecorded({ plan, labels = [] }: ListFilter, read: () => Spec | undefined): boolean {
  if (plan === undefined && labels.length === 0) return true
  const { desired } = read() ?? {}
  if (desired === undefined || (plan !== undefined && desired.sizePlan?.name !== plan)) return false
  return labels.every(([key, value]) => desired.options.labels[key] === value)
}
