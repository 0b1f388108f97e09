import { problem } from '../../errors.ts'
import { KubernetesError } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'
import { observeCached } from '../observe/cached.ts'
import { gather } from '../observe/gather.ts'
import type { Observed } from '../observe/observed.ts'
import type { State } from '../observe/state.ts'
import type { Known } from '../observe/tenant-index.ts'
import { etagOf } from '../record/etag.ts'
import { mergeHistory, type OperationRecord, withSteps } from '../record/history.ts'
import { oneOfThese } from '../record/literals.ts'
import { OPERATION_STATES, OPERATION_TYPES, type Operation } from '../record/operation.ts'
import { DISRUPTIONS, STRATEGIES } from '../record/plan.ts'
import { isOurs, type Recorded, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { describe } from './describe.ts'

export type ListFilter = {
  includeDeleted: boolean
  state?: State | undefined
  userId?: string | undefined
  /** The size plan. */
  plan?: string | undefined
  /** Labels that callers have given, all of which a tenant must have. */
  labels?: readonly (readonly [key: string, value: string])[]
}

/** One tenant as it is now. @throws problem `tenant-not-found` */
export async function viewTenant(context: TenantContext, userId: string) {
  const observed = await observe(context, userId)
  if (observed === undefined || !isOurs(observed.namespace, userId)) throw problem('tenant-not-found')
  const spec = specOf(observed.namespace)
  return view(spec, observed, spec.operation, await context.operations.recordsOf(userId, spec.operation))
}

/** Where reads are live no older than what any replica has acknowledged: where the watches are behind the record, everything is read. */
async function observe(context: TenantContext, userId: string): Promise<Observed | undefined> {
  const { apis, cache, defaults, repository, secrets } = context
  const watched = defaults.reads === 'watched' && cache.synced ? observeCached(cache, userId) : undefined
  // One that the watches do not know may be new.
  if (watched !== undefined) return { ...watched, secretExists: await secrets.exists(userId) }
  const [namespace, secretExists] = await Promise.all([repository.namespaceOf(userId), secrets.exists(userId)])
  if (namespace === undefined) return undefined
  const cached = cache.synced ? observeCached(cache, userId) : undefined
  const isCurrent = cached && cached.namespace.metadata?.resourceVersion === namespace.metadata?.resourceVersion
  return isCurrent ? { ...cached, secretExists } : gather(apis, userId)
}

/**
 * One tenant as a write has left its record. What the write promises holds from then on, so nothing of the cluster is needed that
 * could fail: while the operation runs, all that is observed comes from the watches.
 * @param operation the one that the answer is about
 */
export async function viewRecorded(context: TenantContext, { namespace, spec }: Recorded, operation: Operation) {
  const { cache, operations } = context
  const { userId } = spec
  const isOver = spec.operation.state !== 'running'
  // The watches may not have told of everything that it has done.
  if (isOver) await orElse(context, userId, () => refresh(context, userId), undefined)
  const observed = { ...NOTHING, ...observeCached(cache, userId), namespace }
  const known = operations.pending(userId)
  const isOld = operation.state !== 'running' || isOver
  const history = isOld ? await orElse(context, userId, () => operations.recordsOf(userId, operation), known) : known
  return view(spec, observed, operation, history)
}

async function refresh({ cache }: TenantContext, userId: string): Promise<void> {
  const { namespace } = namesFor(userId)
  await Promise.all([cache.refresh('pods', namespace), cache.refresh('claims', namespace)])
}

/** What the cluster says, or what is known without it if it does not answer. */
async function orElse<T>({ log }: TenantContext, userId: string, look: () => Promise<T>, known: T): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error
    log.warn({ userId, reason: error.reason }, 'a write is answered without a look at the cluster')
    return known
  }
}

const NOTHING: Omit<Observed, 'namespace'> = {
  deployment: undefined,
  replicaSets: [],
  pods: [],
  claim: undefined,
  service: undefined,
  quota: undefined,
  networkPolicy: undefined,
  ingress: undefined,
  roleBinding: undefined,
  secretExists: undefined,
}

function view(spec: Spec, observed: Observed, operation: Operation, history: readonly OperationRecord[]) {
  const records = mergeHistory(history, currentRecords(spec))
  const shown = records.find(({ id }) => id === operation.id) ?? withSteps(operation)
  return {
    tenant: { ...describe(spec, observed), operation: inKnownWords(shown) },
    etag: etagOf({ namespace: observed.namespace, spec }),
  }
}

/** The operations of a tenant, newest first. @throws problem `tenant-not-found` */
export async function listOperations(context: TenantContext, userId: string): Promise<OperationRecord[]> {
  const { spec } = await context.repository.read(userId)
  return mergeHistory(await context.operations.read(userId), currentRecords(spec)).map(inKnownWords)
}

/** What a newer version of this service has recorded, before a rollback, in words that the document has. */
function inKnownWords(record: OperationRecord): OperationRecord {
  const { plan } = record
  return {
    ...record,
    ...wordsFor(record),
    ...(plan && {
      plan: {
        ...plan,
        strategy: oneOfThese(STRATEGIES, plan.strategy, 'auto'),
        expectedDisruption: oneOfThese(DISRUPTIONS, plan.expectedDisruption, 'restart'),
        worstDisruption: oneOfThese(DISRUPTIONS, plan.worstDisruption, 'restart'),
      },
    }),
  }
}

function wordsFor({ type, state }: Operation) {
  return {
    type: oneOfThese(OPERATION_TYPES, type, 'other'),
    state: oneOfThese(OPERATION_STATES, state, 'failed'),
  }
}

/** The namespace knows best how its operations ended; of their steps it knows nothing. */
function currentRecords({ operation, ended }: Spec): OperationRecord[] {
  return [...ended, operation].map((one) => withSteps(one))
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
