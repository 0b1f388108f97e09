import type { V1Secret } from '@kubernetes/client-node'
import { Problem } from '../../errors.ts'
import { isAlreadyExists, isConflict, isNotFound, isRefused, isTerminating, reasonOf } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { renderSecret } from '../../manifests/secret.ts'
import { isTerminating as isObjectTerminating } from '../observe/observed.ts'
import { isTombstone, ownerAnnotation } from '../record/ownership.ts'
import type { Recorded } from '../record/repository.ts'
import { committed } from '../record/transitions.ts'
import { withdraw } from '../record/withdraw.ts'
import { beingDeleted, type Claim } from './claim-namespace.ts'
import type { TenantContext } from './context.ts'

/**
 * Posts the Secret, which makes the claimed namespace a tenant's: exactly one create wins it. If the cluster refuses the Secret,
 * nothing is left of the create.
 * @param key undefined: an operator's own Secret holds it
 * @returns the tenant's record; undefined if another create has won
 * @throws Problem `tenant-deleting`; KubernetesError
 */
export async function commit(
  context: TenantContext,
  claim: Claim,
  key: string | undefined,
): Promise<Recorded | undefined> {
  try {
    const secret = await postSecret(context, claim, key)
    return secret && (await markCommitted(context, claim, secret))
  } catch (error) {
    if (claim.isAuthor && isRefused(error)) await takeBack(context, claim)
    throw error
  }
}

async function postSecret(
  context: TenantContext,
  { spec: { userId }, operation }: Claim,
  key: string | undefined,
): Promise<V1Secret | undefined> {
  const body = renderSecret(userId, key, ownerAnnotation(operation))
  try {
    return await context.apis.core.createNamespacedSecret({ namespace: namesFor(userId).namespace, body })
  } catch (error) {
    if (isTerminating(error) || isNotFound(error)) throw beingDeleted()
    if (!isAlreadyExists(error)) throw error
  }
  return replaceTombstone(context, userId, body, operation)
}

/** In a namespace that was given back, or whose remover was cut off. @returns undefined if the Secret is a tenant's */
async function replaceTombstone(
  { apis, repository, serviceIdentity }: TenantContext,
  userId: string,
  body: V1Secret,
  operation: Claim['operation'],
): Promise<V1Secret | undefined> {
  const { namespace, secret: name } = namesFor(userId)
  const live = await repository.readSecret(userId, await serviceIdentity())
  if (!isTombstone(live?.metadata?.annotations)) return undefined
  // A remover deletes the namespace as it has read it, or not at all: from now on it cannot.
  await repository.change(userId, ({ spec }) => ({ ...spec, operation }))
  const { resourceVersion } = live!.metadata as { resourceVersion: string }
  try {
    const metadata = { ...body.metadata, resourceVersion }
    return await apis.core.replaceNamespacedSecret({ name, namespace, body: { ...body, metadata } })
  } catch (error) {
    if (isConflict(error)) return undefined
    throw error
  }
}

/**
 * Spares converge the reading of the Secret. Who wrote the record may leave it to converge: the tenant is committed already. Who
 * did not must have it in the record before it promises anything, as the author may be taking the namespace back.
 */
async function markCommitted(context: TenantContext, claim: Claim, secret: V1Secret): Promise<Recorded> {
  const { spec, namespace, operation } = claim
  try {
    return await context.repository.change(
      spec.userId,
      (live) => {
        if (isObjectTerminating(live.namespace)) throw beingDeleted()
        return live.spec.committed ? live.spec : committed(live.spec, operation)
      },
      claim.isAuthor ? namespace : undefined,
    )
  } catch (error) {
    if (claim.isAuthor) {
      const reason = reasonOf(error)
      context.log.warn({ userId: spec.userId, reason }, 'the commit of a create could not be marked yet')
      return { namespace, spec: committed(spec, operation) }
    }
    if (!(error instanceof Problem)) throw error
    await removeSecret(context, secret)
    throw beingDeleted()
  }
}

async function removeSecret({ apis: { core } }: TenantContext, { metadata }: V1Secret): Promise<void> {
  const { name, namespace, uid } = metadata as { name: string; namespace: string; uid: string }
  try {
    await core.deleteNamespacedSecret({ name, namespace, body: { preconditions: { uid } } })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

async function takeBack(context: TenantContext, { namespace, spec }: Claim): Promise<void> {
  try {
    await withdraw(context, namespace, spec)
  } catch (error) {
    const reason = reasonOf(error)
    context.log.warn({ userId: spec.userId, reason }, 'a refused create could not be taken back yet')
  }
}
