import type { V1Namespace } from '@kubernetes/client-node'
import { problem } from '../../errors.ts'
import { isAlreadyExists, isTerminating as isObjectTerminating } from '../../kubernetes/errors.ts'
import { CREATE_KEY_LABEL, FIELD_MANAGER, PREPARED_LABEL, TENANT_LABEL } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import { renderNamespace } from '../../manifests/namespace.ts'
import { isTerminating } from '../observe/observed.ts'
import type { Operation } from '../record/operation.ts'
import { isOurs, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import type { TenantContext } from './context.ts'
import { repeated, reusedKey } from './operation.ts'

/** A namespace may vanish between two looks at it; so often it is tried anew. */
const TRIES = 3
/** A label's value holds 63 characters; this much of a hash still meets no other by chance. */
const CREATE_KEY_LENGTH = 40

/**
 * The operation under which the Secret may be posted: the spec's own, in a namespace that was just made or was left by an
 * equal create that was cut off; or an earlier one, if this is the same request again.
 * `mayCommit`: whether the tenant may not be committed yet.
 */
export type Claim = { operation: Operation; mayCommit: boolean }

/**
 * Makes the tenant's namespace, or finds out whether the one that is there may be used.
 * @throws Problem if it may not: the tenant exists, is deleted, is being deleted; another create is under way; it is not ours
 */
export async function claimNamespace(context: TenantContext, spec: Spec): Promise<Claim> {
  const createKey = spec.operation.idempotency?.key.slice(0, CREATE_KEY_LENGTH)
  if (createKey !== undefined) await refuseForOtherTenant(context, spec.userId, createKey)
  await refuseTooMany(context, spec.userId)
  for (let tries = 0; tries < TRIES; tries++) {
    if (await postNamespace(context, spec, createKey)) return { operation: spec.operation, mayCommit: true }
    const existing = await context.repository.namespaceOf(spec.userId)
    if (existing !== undefined && isPreparedFor(existing, spec.userId)) {
      const record = renderNamespace(spec.userId, JSON.stringify(spec), spec.desired.options.labels, createKey)
      if (await context.repository.take(existing, record)) return { operation: spec.operation, mayCommit: true }
    } else if (existing !== undefined) return judge(context, spec, existing)
  }
  throw beingDeleted()
}

export function beingDeleted() {
  return problem('tenant-deleting', 'A tenant of this id is being deleted; it can be created anew when that is done.', {
    retryable: true,
  })
}

/** @returns whether it was made: not if there is one of that name */
async function postNamespace({ apis }: TenantContext, spec: Spec, createKey: string | undefined): Promise<boolean> {
  try {
    const body = renderNamespace(spec.userId, JSON.stringify(spec), spec.desired.options.labels, createKey)
    await apis.core.createNamespace({ body, fieldManager: FIELD_MANAGER })
    return true
  } catch (error) {
    if (isObjectTerminating(error)) throw beingDeleted()
    if (isAlreadyExists(error)) return false
    throw error
  }
}

/** An operator has made the namespace with objects that the tenant shall use, and says whose it is. */
function isPreparedFor(namespace: V1Namespace, userId: string): boolean {
  return (
    !isOurs(namespace, userId) && namespace.metadata?.labels?.[PREPARED_LABEL] === userId && !isTerminating(namespace)
  )
}

/** @throws problem `too-many-tenants`. Creates at the same moment may each find the last place free. */
export async function refuseTooMany({ apis, policy }: TenantContext, userId: string): Promise<void> {
  const { maxTenants } = policy.current
  if (maxTenants === 0) return
  const { items } = await apis.core.listNamespace({ labelSelector: TENANT_LABEL })
  const others = items.filter(({ metadata }) => metadata?.name !== namesFor(userId).namespace)
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
  if (live.purgeRequestedAt !== null) throw beingDeleted()
  const same = await repeated(context, live, spec.operation.idempotency)
  if (same) return { operation: same, mayCommit: !live.committed }
  if (live.deletedAt !== null) {
    throw problem(
      'tenant-deleted',
      `POST /tenants/${spec.userId}/undelete brings it back with its data; DELETE /tenants/${spec.userId}?purge=true removes it for good.`,
    )
  }
  if (live.committed) throw problem('tenant-exists')
  if (JSON.stringify(live.desired) !== JSON.stringify(spec.desired)) {
    throw problem('create-in-progress', 'A create of this id with other sizes is under way or was cut off.', {
      retryable: true,
    })
  }
  return { operation: spec.operation, mayCommit: true }
}

/** The same Idempotency-Key for another id is another request. */
async function refuseForOtherTenant({ apis }: TenantContext, userId: string, createKey: string): Promise<void> {
  const { items } = await apis.core.listNamespace({ labelSelector: `${CREATE_KEY_LABEL}=${createKey}` })
  if (items.some(({ metadata }) => metadata?.name !== namesFor(userId).namespace)) throw reusedKey()
}
