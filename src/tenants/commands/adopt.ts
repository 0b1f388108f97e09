import type { V1Namespace } from '@kubernetes/client-node'
import { problem } from '../../errors.ts'
import { isConflict } from '../../kubernetes/errors.ts'
import { ADOPTABLE_LABEL, TENANT_LABEL } from '../../manifests/labels.ts'
import { namesFor, USER_ID_MAX_LENGTH, userIdOf } from '../../manifests/names.ts'
import { renderAdopted } from '../../manifests/namespace.ts'
import { type Adoption, planAdoption } from '../adopt/adoption.ts'
import { findRelease, findRewriting, findSecrets, secretObstacles, versionOf } from '../adopt/find.ts'
import type { Found } from '../adopt/found.ts'
import { isTerminating } from '../observe/observed.ts'
import { runOf } from '../plan/outcome.ts'
import { etagOf } from '../record/etag.ts'
import type { Operation } from '../record/operation.ts'
import type { Reason } from '../record/plan.ts'
import { isOurs, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { withAllotment } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, refuseUnmet } from './change.ts'
import { beingDeleted, refuseTooMany } from './claim-namespace.ts'
import type { Caller, TenantContext } from './context.ts'
import { termsOf } from './desired-state.ts'
import { fingerprint, repeated, startOperation } from './operation.ts'

/** What is looked at may change before it is written; so often it is looked at anew. */
const TRIES = 3

/**
 * Makes a tenant of what Helm has installed in its namespace: sizes, key and options as they are, without a restart. The write of
 * the record to the namespace is the commit; from then on whoever runs completes it. One that was taken over before stays as it is.
 * @throws Problem: no such namespace, its operator has not given it, it is a tenant that was never Helm's, something is in the way
 */
export async function adoptTenant(
  context: TenantContext,
  userId: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed> {
  const { repository, reconciler } = context
  refuseTooMany(context, userId)
  for (let tries = 0; tries < TRIES; tries++) {
    const namespace = await givenNamespace(context, userId)
    if (isOurs(namespace, userId)) return adoptedBefore(context, namespace, caller, options)
    refuseUnmet(options, undefined)
    const { adoption, found, obstacles, isGranted } = await surveyTwice(context, userId)
    if (obstacles === 'changed') continue
    if (obstacles.length > 0) {
      // Somebody else's takeover, having begun meanwhile, looks like an obstacle.
      if (await hasChanged(context, userId, namespace)) continue
      // What is refused leaves nothing behind.
      if (isGranted) await repository.revoke(userId)
      refuse(obstacles)
    }
    const operation = startOperation(context, 'adopt', caller, options.idempotent)
    const spec = newSpec(adoption, found, operation)
    const taken = await repository.take(namespace, renderAdopted(userId, JSON.stringify(spec)))
    if (taken) {
      reconciler.enqueue(userId)
      return { namespace: taken, spec, operation }
    }
  }
  throw problem('not-adoptable', 'The namespace keeps changing.', { retryable: true })
}

/** What adopting would do; nothing is changed. @throws Problem: no such namespace, or its operator has not given it */
export async function planTenantAdoption(context: TenantContext, userId: string): Promise<Adoption> {
  const namespace = await givenNamespace(context, userId)
  if (isOurs(namespace, userId)) throw problem('tenant-exists')
  return (await survey(context, userId)).adoption
}

/** What adopting would do to each namespace that an operator has given and that is no tenant yet, by user id. */
export async function listAdoptions(context: TenantContext): Promise<Adoption[]> {
  const { items } = await context.apis.core.listNamespace({ labelSelector: `${ADOPTABLE_LABEL},!${TENANT_LABEL}` })
  const userIds = items.flatMap((namespace) => {
    const { metadata } = namespace
    if (isTerminating(namespace)) return []
    const userId = userIdOf(metadata!.name!)
    const isGiven = metadata?.labels?.[ADOPTABLE_LABEL] === userId
    return userId !== undefined && isGiven && userId.length <= USER_ID_MAX_LENGTH ? [userId] : []
  })
  const adoptions: Adoption[] = []
  // One after the other: there may be hundreds, and each takes a dozen calls.
  for (const userId of userIds.sort()) {
    const surveyed = await surveyIfThere(context, userId)
    if (surveyed) adoptions.push(surveyed.adoption)
  }
  return adoptions
}

/** @throws problem `tenant-not-found` if it is not there, `not-adoptable` if it is neither a tenant's nor given */
async function givenNamespace({ repository }: TenantContext, userId: string): Promise<V1Namespace> {
  const { namespace: name } = namesFor(userId)
  const namespace = await repository.namespaceOf(userId)
  if (namespace === undefined) throw problem('tenant-not-found', `There is no namespace ${name}.`)
  if (!isOurs(namespace, userId) && namespace.metadata?.labels?.[ADOPTABLE_LABEL] !== userId) {
    const label = `${ADOPTABLE_LABEL}=${userId}`
    throw problem('not-adoptable', `An operator allows it by a label: kubectl label namespace ${name} ${label}`)
  }
  return namespace
}

type Surveyed = { adoption: Adoption; found: Found }

async function survey(context: TenantContext, userId: string): Promise<Surveyed> {
  const surveyed = await surveyIfThere(context, userId)
  if (surveyed === undefined) throw problem('tenant-not-found', `There is no namespace ${namesFor(userId).namespace}.`)
  return surveyed
}

/** What changes between the reading and the dry run is read anew: pods start, and others take over. */
async function surveyIfThere(context: TenantContext, userId: string): Promise<Surveyed | undefined> {
  for (let tries = 1; ; tries++) {
    const found = await findRelease(context.apis, userId)
    if (found === undefined) return undefined
    try {
      return { found, adoption: await planFor(context, found) }
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error
    }
  }
}

async function planFor(context: TenantContext, found: Found): Promise<Adoption> {
  const capabilities = await context.capabilities()
  const adoption = planAdoption(found, termsOf(context), capabilities)
  const reasons = adoption.plan.feasible ? await findRewriting(context.apis, found) : []
  return reasons.length === 0 ? adoption : planAdoption(found, termsOf(context), capabilities, reasons)
}

/**
 * The objects between two looks at Helm's records: if these are the same, no Helm command has changed the objects meanwhile. And
 * first without the records, as to look at them leaves a role binding behind.
 */
async function surveyTwice(
  context: TenantContext,
  userId: string,
): Promise<Surveyed & { obstacles: readonly Reason[] | 'changed'; isGranted: boolean }> {
  const deps = { apis: context.apis, repository: context.repository, serviceIdentity: await context.serviceIdentity() }
  const first = await survey(context, userId)
  if (!first.adoption.plan.feasible) return { ...first, obstacles: first.adoption.plan.reasons, isGranted: false }
  const isGranted = first.found.roleBinding === undefined
  const before = await findSecrets(deps, first.adoption)
  const second = await survey(context, userId)
  if (!second.adoption.plan.feasible) return { ...second, obstacles: second.adoption.plan.reasons, isGranted }
  const after = await findSecrets(deps, second.adoption)
  const isSame = versionOf(before) === versionOf(after)
  return { ...second, obstacles: isSame ? secretObstacles(after, second.adoption) : 'changed', isGranted }
}

async function hasChanged({ repository }: TenantContext, userId: string, { metadata }: V1Namespace): Promise<boolean> {
  const live = await repository.namespaceOf(userId)
  return live?.metadata?.resourceVersion !== metadata?.resourceVersion
}

/** @throws problem `not-adoptable` with all that is in the way */
function refuse(obstacles: readonly Reason[]): never {
  const errors = obstacles.map(({ code, message }) => ({ pointer: code, message }))
  throw problem('not-adoptable', `${obstacles.map(({ message }) => message).join('; ')}.`, { errors })
}

async function adoptedBefore(
  context: TenantContext,
  namespace: V1Namespace,
  caller: Caller,
  { idempotent, ...conditions }: ChangeOptions,
): Promise<Changed> {
  const spec = specOf(namespace)
  if (isTerminating(namespace) || spec.purgeRequestedAt !== null) throw beingDeleted()
  if (spec.helm === null) throw problem('tenant-exists', 'The tenant exists and was not made by Helm.')
  const earlier = await repeated(context, spec, idempotent && fingerprint(caller, idempotent))
  if (!earlier) refuseUnmet(conditions, etagOf({ namespace, spec }))
  return { namespace, spec, operation: earlier ?? spec.operation }
}

function newSpec({ userId, release, desired, plan }: Adoption, { pods, deployment }: Found, started: Operation): Spec {
  const { startedAt } = started
  return withAllotment({
    userId,
    generation: 1,
    createdAt: startedAt,
    updatedAt: startedAt,
    // Its Secret is there already: that it is a tenant is decided by the write of this record.
    committed: true,
    suspended: deployment!.spec!.replicas === 0,
    pendingKey: null,
    prepared: null,
    helm: { release: release!, taken: false },
    deletedAt: null,
    purgeRequestedAt: null,
    desired: desired!,
    previous: null,
    operation: { ...started, plan, resize: 'inPlace', before: runOf(pods) },
    ended: [],
  })
}
