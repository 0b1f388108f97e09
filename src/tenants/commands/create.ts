import { randomBytes } from 'node:crypto'
import { problem } from '../../errors.ts'
import type { Desired } from '../../manifests/desired.ts'
import { keyOf } from '../../manifests/secret.ts'
import { committedBy } from '../record/ownership.ts'
import type { Spec } from '../record/spec.ts'
import { withAllotment } from '../record/transitions.ts'
import type { Changed } from './change.ts'
import { beingDeleted, type Claim, claimNamespace } from './claim-namespace.ts'
import { commit } from './commit.ts'
import type { Caller, IdempotentRequest, TenantContext } from './context.ts'
import { desiredByRequest, type TenantRequest } from './desired-state.ts'
import { reusedKey, startOperation } from './operation.ts'

export type CreateRequest = TenantRequest & { userId: string; apiKey?: string | undefined }

/** The tenant as it is recorded, the operation that creates it, and the database's key if the service made it. */
export type Created = Changed & { apiKey?: string }

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
  const desired = await desiredByRequest(context, request.userId, request, caller)
  const spec = newSpec(context, request, desired, caller, idempotent)
  const claim = await claimNamespace(context, spec)
  const { operation } = claim
  // An operator's own Secret holds the key; the service's own then only says that this is a tenant.
  const isKeyElsewhere = desired.options.secret.name !== null
  const key = isKeyElsewhere ? undefined : (request.apiKey ?? randomBytes(KEY_BYTES).toString('base64url'))
  const committed = claim.mayCommit ? await commit(context, claim, key) : undefined
  if (committed) {
    const isGenerated = request.apiKey === undefined && key !== undefined
    return { ...committed, operation, ...(isGenerated ? { apiKey: key } : {}) }
  }
  // Somebody else's create won, or this very request did: before, or as a repetition that has overtaken it.
  const isNew = operation.id === spec.operation.id
  if (isNew && idempotent === undefined) throw problem('tenant-exists')
  return repeatCreate(context, request, claim, isNew)
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
  return withAllotment({
    userId: request.userId,
    generation: 1,
    createdAt: operation.startedAt,
    updatedAt: operation.startedAt,
    committed: false,
    suspended: false,
    pendingKey: null,
    prepared: null,
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
  })
}

/** The same answer as before, the generated key too as long as it still is the tenant's key. */
async function repeatCreate(
  context: TenantContext,
  request: CreateRequest,
  { namespace, spec, operation }: Claim,
  isNew: boolean,
): Promise<Created> {
  const secret = await context.repository.readSecret(request.userId, await context.serviceIdentity())
  const isOwner = committedBy(secret?.metadata?.annotations)?.id === operation.id
  // What it made before is being taken back.
  if (!spec.committed && !isOwner) throw isNew ? problem('tenant-exists') : beingDeleted()
  if (isNew && !isOwner) throw problem('tenant-exists')
  context.reconciler.enqueue(request.userId)
  const key = secret && keyOf(secret)
  if (request.apiKey !== undefined && isOwner && key !== request.apiKey) throw reusedKey()
  const answer = { namespace, spec, operation }
  return isOwner && operation.generatedKey && key !== undefined ? { ...answer, apiKey: key } : answer
}
