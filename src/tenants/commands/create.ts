import { randomBytes } from 'node:crypto'
import { problem } from '../../errors.ts'
import { isAlreadyExists, isNotFound, isTerminating } from '../../kubernetes/errors.ts'
import type { Desired } from '../../manifests/desired.ts'
import { namesFor } from '../../manifests/names.ts'
import { keyOf, renderSecret } from '../../manifests/secret.ts'
import { committed } from '../converge/act.ts'
import type { Operation } from '../record/operation.ts'
import { committedBy, ownerAnnotation } from '../record/ownership.ts'
import type { Spec } from '../record/spec.ts'
import { beingDeleted, claimNamespace } from './claim-namespace.ts'
import type { Caller, IdempotentRequest, TenantContext } from './context.ts'
import { reusedKey, startOperation } from './operation.ts'
import { declared, type TenantRequest } from './wish.ts'

export type CreateRequest = TenantRequest & { userId: string; apiKey?: string | undefined }

/** The operation that creates the tenant, and the database's key if the service made it. */
export type Created = { operation: Operation; apiKey?: string }

/** A generated key has 256 random bits. */
const KEY_BYTES = 32

/**
 * Creates a tenant: first the namespace with the spec, then the Secret. The POST of the Secret is the commit: exactly one
 * caller wins it, and from then on whoever runs makes the tenant what its spec says, even if this process is gone.
 * @throws Problem: the size is not allowed, the tenant exists, the namespace is not ours
 * @throws KubernetesError: the cluster does not answer; the same request may be sent again
 */
export async function createTenant(
  context: TenantContext,
  request: CreateRequest,
  caller: Caller,
  idempotent?: IdempotentRequest,
): Promise<Created> {
  refuseSecondKey(request)
  const desired = await declared(context, request.userId, request, caller)
  const spec = newSpec(context, request, desired, caller, idempotent)
  const { operation, mayCommit } = await claimNamespace(context, spec)
  // An operator's own Secret holds the key; the service's own then only says that this is a tenant.
  const isKeyElsewhere = desired.options.secret.name !== null
  const key = isKeyElsewhere ? undefined : (request.apiKey ?? randomBytes(KEY_BYTES).toString('base64url'))
  if (mayCommit && (await postSecret(context, spec.userId, key, operation))) {
    await markCommitted(context, spec.userId, operation)
    context.converger.start(spec.userId)
    return request.apiKey === undefined && key !== undefined ? { operation, apiKey: key } : { operation }
  }
  // Somebody else's create won, or this very request did: before, or as a repetition that has overtaken it.
  const isNew = operation.id === spec.operation.id
  if (isNew && idempotent === undefined) throw problem('tenant-exists')
  return repeatCreate(context, request, operation, isNew)
}

/** @throws problem `invalid-request` if the key is given in two places */
function refuseSecondKey({ apiKey, options }: CreateRequest): void {
  if (apiKey === undefined || !options?.secret?.name) return
  const message = 'must be left out: options.secret names the Secret that holds the key'
  throw problem('invalid-request', `apiKey ${message}.`, { errors: [{ pointer: '/apiKey', message }] })
}

function newSpec(
  context: TenantContext,
  request: CreateRequest,
  desired: Desired,
  caller: Caller,
  idempotent?: IdempotentRequest,
): Spec {
  const operation = startOperation(context, 'create', caller, idempotent)
  return {
    userId: request.userId,
    generation: 1,
    createdAt: operation.startedAt,
    updatedAt: operation.startedAt,
    committed: false,
    suspended: false,
    helm: null,
    deletedAt: null,
    purgeRequestedAt: null,
    desired,
    previous: null,
    operation:
      request.apiKey === undefined && desired.options.secret.name === null
        ? { ...operation, generatedKey: true }
        : operation,
    ended: [],
  }
}

/** @returns whether this Secret is the tenant's: not if there is one already */
async function postSecret(
  { apis }: TenantContext,
  userId: string,
  key: string | undefined,
  operation: Operation,
): Promise<boolean> {
  const body = renderSecret(userId, key, ownerAnnotation(operation))
  try {
    await apis.core.createNamespacedSecret({ namespace: namesFor(userId).namespace, body })
    return true
  } catch (error) {
    if (isAlreadyExists(error)) return false
    if (isTerminating(error) || isNotFound(error)) throw beingDeleted()
    throw error
  }
}

/** Spares converge the reading of the Secret. Should it fail, converge does it: the tenant is committed already. */
async function markCommitted({ repository, log }: TenantContext, userId: string, operation: Operation): Promise<void> {
  try {
    await repository.change(userId, ({ spec }) => (spec.committed ? spec : committed(spec, operation)))
  } catch (error) {
    log.warn({ userId, reason: (error as Error).message }, 'the commit of a create could not be marked yet')
  }
}

/** The same answer as before, the generated key too as long as it still is the tenant's key. */
async function repeatCreate(
  context: TenantContext,
  request: CreateRequest,
  operation: Operation,
  isNew: boolean,
): Promise<Created> {
  const secret = await context.repository.readSecret(request.userId, await context.operator())
  if (secret === undefined) return { operation }
  context.converger.start(request.userId)
  const key = keyOf(secret)
  const isOwner = committedBy(secret.metadata?.annotations)?.id === operation.id
  if (isNew && !isOwner) throw problem('tenant-exists')
  if (request.apiKey !== undefined && isOwner && key !== request.apiKey) throw reusedKey()
  return isOwner && operation.generatedKey && key !== undefined ? { operation, apiKey: key } : { operation }
}
