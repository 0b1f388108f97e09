import type { V1Namespace } from '@kubernetes/client-node'
import { sameJson } from '../../canonical-json.ts'
import { problem } from '../../errors.ts'
import { isAlreadyExists, isTerminating as isObjectTerminating } from '../../kubernetes/errors.ts'
import { CREATE_KEY_LABEL, FIELD_MANAGER, POD_SECURITY_LABEL, PREPARED_LABEL } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import { renderNamespace } from '../../manifests/namespace.ts'
import { isTerminating } from '../observe/observed.ts'
import type { Operation } from '../record/operation.ts'
import { isOurs, type Recorded, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import type { TenantContext } from './context.ts'
import { repeated, reusedKey } from './operation.ts'

/** A namespace may vanish between two looks at it; so often it is tried anew. */
const TRIES = 3
/** A label's value holds 63 characters; this much of a hash still meets no other by chance. */
const CREATE_KEY_LENGTH = 40

/** The record in which a create may post the Secret, and what came of the request before if it is a repetition. */
export type Claim = Recorded & {
  /** The one that this request asks for; or an earlier one, if this is the same request again. */
  operation: Operation
  /** Whether the tenant may not be committed yet. */
  mayCommit: boolean
  /** Whether this request wrote the record. Else another create did, and may take it back. */
  isAuthor: boolean
}

/**
 * Makes the tenant's namespace, or finds out whether the one that is there may be used.
 * @throws Problem if it may not: the tenant exists, is deleted, is being deleted; another create is under way; it is not ours
 */
export async function claimNamespace(context: TenantContext, spec: Spec): Promise<Claim> {
  const createKey = spec.operation.idempotency?.key.slice(0, CREATE_KEY_LENGTH)
  if (createKey !== undefined) await refuseForOtherTenant(context, spec.userId, createKey)
  refuseTooMany(context, spec.userId)
  for (let tries = 0; tries < TRIES; tries++) {
    const posted = await postNamespace(context, spec, createKey)
    const existing = posted ? undefined : await context.repository.namespaceOf(spec.userId)
    if (existing && !isPreparedFor(existing, spec.userId)) return judge(context, spec, existing)
    const written = posted ?? (existing && (await takePrepared(context, spec, existing, createKey)))
    if (written) return { ...written, operation: spec.operation, mayCommit: true, isAuthor: true }
  }
  throw beingDeleted()
}

export function beingDeleted() {
  return problem('tenant-deleting', 'A tenant of this id is being deleted; it can be created anew when that is done.', {
    retryable: true,
  })
}

/** @returns undefined if there is one of that name */
async function postNamespace(
  { apis }: TenantContext,
  spec: Spec,
  createKey: string | undefined,
): Promise<Recorded | undefined> {
  try {
    const body = namespaceFor(spec, createKey)
    return { spec, namespace: await apis.core.createNamespace({ body, fieldManager: FIELD_MANAGER }) }
  } catch (error) {
    if (isObjectTerminating(error)) throw beingDeleted()
    if (isAlreadyExists(error)) return undefined
    throw error
  }
}

function namespaceFor(spec: Spec, createKey: string | undefined): V1Namespace {
  return renderNamespace(spec.userId, JSON.stringify(spec), spec.desired.options.labels, createKey)
}

/** @returns undefined if somebody has changed the namespace since it was read */
async function takePrepared(
  { repository }: TenantContext,
  spec: Spec,
  existing: V1Namespace,
  createKey: string | undefined,
): Promise<Recorded | undefined> {
  const prepared = { ...spec, prepared: { labels: labelsBefore(existing, namespaceFor(spec, createKey)) } }
  const namespace = await repository.take(existing, namespaceFor(prepared, createKey))
  return namespace && { spec: prepared, namespace }
}

/** What the labels of this service are about to replace. Pod Security is only ever tightened, so that one stays. */
function labelsBefore({ metadata: live }: V1Namespace, { metadata }: V1Namespace): Record<string, string | null> {
  const keys = Object.keys(metadata?.labels ?? {}).filter((key) => key !== POD_SECURITY_LABEL)
  return Object.fromEntries(keys.map((key) => [key, live?.labels?.[key] ?? null]))
}

/** An operator has made the namespace with objects that the tenant shall use, and says whose it is. */
function isPreparedFor(namespace: V1Namespace, userId: string): boolean {
  return (
    !isOurs(namespace, userId) && namespace.metadata?.labels?.[PREPARED_LABEL] === userId && !isTerminating(namespace)
  )
}

/** @throws problem `too-many-tenants`. Creates at the same moment may each find the last place free. */
export function refuseTooMany({ cache, policy }: TenantContext, userId: string): void {
  const { maxTenants } = policy.current
  if (maxTenants === 0) return
  if (!cache.synced) throw problem('not-ready', 'The tenants are still being counted; try again.')
  const { namespace } = namesFor(userId)
  const others = cache.list('namespaces').filter(({ metadata }) => metadata?.name !== namespace)
  if (others.length < maxTenants) return
  throw problem('too-many-tenants', `The operator allows ${maxTenants} tenants, and there are ${others.length}.`)
}

async function judge(context: TenantContext, spec: Spec, existing: V1Namespace): Promise<Claim> {
  if (!isOurs(existing, spec.userId)) {
    throw problem(
      'namespace-taken',
      `The namespace ${namesFor(spec.userId).namespace} exists and is not managed by this service.`,
    )
  }
  if (isTerminating(existing)) throw beingDeleted()
  const live = specOf(existing)
  const recorded = { spec: live, namespace: existing }
  if (live.purgeRequestedAt !== null) throw beingDeleted()
  const same = await repeated(context, live, spec.operation.idempotency)
  if (same) return { ...recorded, operation: same, mayCommit: !live.committed, isAuthor: false }
  if (live.deletedAt !== null) {
    throw problem(
      'tenant-deleted',
      `POST /tenants/${spec.userId}/undelete brings it back with its data; DELETE /tenants/${spec.userId}?purge=true removes it for good.`,
    )
  }
  if (live.committed) throw problem('tenant-exists')
  if (!sameJson(live.desired, spec.desired)) {
    throw problem('create-in-progress', 'A create of this id with other sizes is under way or was cut off.', {
      retryable: true,
    })
  }
  return { ...recorded, operation: spec.operation, mayCommit: true, isAuthor: false }
}

/** The same Idempotency-Key for another id is another request. */
async function refuseForOtherTenant({ apis }: TenantContext, userId: string, createKey: string): Promise<void> {
  const { items } = await apis.core.listNamespace({ labelSelector: `${CREATE_KEY_LABEL}=${createKey}` })
  if (items.some(({ metadata }) => metadata?.name !== namesFor(userId).namespace)) throw reusedKey()
}
