import type { V1Secret } from '@kubernetes/client-node'
import { Problem } from '../../errors.ts'
import { isAlreadyExists, isConflict, isNotFound, isRefused, isTerminating, reasonOf } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { renderSecret } from '../../manifests/secret.ts'
import { isTerminating as isObjectTerminating } from '../observe/observed.ts'
import { isTombstone, ownerAnnotation } from '../record/ownership.ts'
import type { Recorded } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { committed } from '../record/transitions.ts'
import { withdraw } from '../record/withdraw.ts'
import { beingDeleted, type Claim } from './claim-namespace.ts'
import type { TenantContext } from './context.ts'

/**
 * Posts the Secret, which makes the claimed namespace a tenant's: exactly one create wins it. If the cluster refuses the Secret,
 * nothing is left of the create. Then the tenant can be reconciled.
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
    if (secret === undefined) return undefined
    if (claim.isAuthor) return committedByAuthor(context, claim)
    return await markCommitted(context, claim, secret)
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
 * The Secret has made it a tenant, so whoever wrote the record can be answered now. The mark in the record comes after: it spares
 * the reconciler the reading of the Secret, and without it the reconciler finds out.
 */
function committedByAuthor({ background, reconciler, log, repository }: TenantContext, claim: Claim): Recorded {
  const { spec, namespace, operation } = claim
  const { userId } = spec
  background.run(async () => {
    try {
      const mark = (live: Spec) => (live.committed ? live : committed(live, operation))
      await repository.change(userId, (live) => mark(live.spec), namespace)
    } catch (error) {
      log.warn({ userId, reason: reasonOf(error) }, 'the commit of a create could not be marked yet')
    }
    reconciler.enqueue(userId)
  })
  return { namespace, spec: committed(spec, operation) }
}

/** Who did not write the record must have it there before it promises anything: the author may be taking the namespace back. */
async function markCommitted(context: TenantContext, claim: Claim, secret: V1Secret): Promise<Recorded> {
  const { userId } = claim.spec
  try {
    const recorded = await context.repository.change(userId, (live) => {
      if (isObjectTerminating(live.namespace)) throw beingDeleted()
      return live.spec.committed ? live.spec : committed(live.spec, claim.operation)
    })
    context.reconciler.enqueue(userId)
    return recorded
  } catch (error) {
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
