import { problem } from '../../errors.ts'
import { KubernetesError } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'
import { observeCached } from '../observe/cached.ts'
import { gather } from '../observe/gather.ts'
import type { Observed } from '../observe/observed.ts'
import { etagOf } from '../record/etag.ts'
import { mergeHistory, type OperationRecord, withSteps } from '../record/history.ts'
import type { Operation } from '../record/operation.ts'
import { isOurs, type Recorded, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { describe } from './describe.ts'
import { inKnownWords } from './known-words.ts'

/** One tenant as it is now. @throws problem `tenant-not-found` */
export async function viewTenant(context: TenantContext, userId: string) {
  const { spec, observed } = await observeTenant(context, userId)
  return view(spec, observed, spec.operation, await context.operations.recordsOf(userId, spec.operation))
}

/** What is recorded of a tenant, and what is observed. @throws problem `tenant-not-found` */
export async function observeTenant(
  context: TenantContext,
  userId: string,
): Promise<{ spec: Spec; observed: Observed }> {
  const observed = await observe(context, userId)
  if (observed === undefined || !isOurs(observed.namespace, userId)) throw problem('tenant-not-found')
  return { spec: specOf(observed.namespace), observed }
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

/** The namespace knows best how its operations ended; of their steps it knows nothing. */
function currentRecords({ operation, ended }: Spec): OperationRecord[] {
  return [...ended, operation].map((one) => withSteps(one))
}
