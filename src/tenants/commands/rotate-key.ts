import { randomBytes } from 'node:crypto'
import { problem } from '../../errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { keyOf, renderSecret } from '../../manifests/secret.ts'
import { runOf } from '../plan/outcome.ts'
import { planRestart } from '../plan/plan.ts'
import type { Operation } from '../record/operation.ts'
import { committedBy, ownerAnnotation } from '../record/ownership.ts'
import type { Spec } from '../record/spec.ts'
import { withOperation } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, changeTenant, refuseDeleted, refusePurged } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { renewed } from './lifecycle.ts'
import { reusedKey } from './operation.ts'
import { observe } from './resize.ts'

const KEY_BYTES = 32

/**
 * Gives the database another key: first the Secret, then one restart, after which the old key is refused. Should it be cut off
 * between the two, the next restart takes the new key, and the same request can be sent again.
 * @param apiKey absent: one is generated, and returned this once
 * @throws Problem: no such tenant, it is deleted, its Secret is gone
 */
export async function rotateKey(
  context: TenantContext,
  userId: string,
  apiKey: string | undefined,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed & { apiKey?: string }> {
  const key = apiKey ?? randomBytes(KEY_BYTES).toString('base64url')
  let isRotated = false
  const changed = await changeTenant(context, userId, 'rotate-key', caller, options, async (live, started) => {
    refusePurged(live)
    refuseDeleted(live.spec)
    refuseForeignKey(live.spec)
    const operation = apiKey === undefined ? { ...started, generatedKey: true } : started
    const before = runOf((await observe(context, userId)).pods)
    const desired = renewed(live.spec)
    const planned = { ...operation, plan: planRestart(live.spec.desired, desired, before !== null), before }
    await replaceSecret(context, userId, key, operation)
    isRotated = true
    return withOperation(live.spec, planned, { desired })
  })
  if (isRotated) return apiKey === undefined ? { ...changed, apiKey: key } : changed
  return repeatRotation(context, userId, apiKey, changed)
}

function refuseForeignKey({ desired }: Spec): void {
  const { name } = desired.options.secret
  if (name === null) return
  throw problem(
    'not-feasible',
    `The key is in the Secret ${name}, which an operator keeps: change it there, then restart.`,
  )
}

async function replaceSecret(context: TenantContext, userId: string, key: string, operation: Operation): Promise<void> {
  const live = await context.repository.readSecret(userId, await context.operator())
  if (live === undefined) throw problem('secret-missing', 'The Secret of the tenant is gone; it must come back first.')
  const { namespace, secret: name } = namesFor(userId)
  const body = renderSecret(userId, key, ownerAnnotation(operation))
  body.metadata = { ...body.metadata, resourceVersion: live.metadata!.resourceVersion! }
  await context.apis.core.replaceNamespacedSecret({ name, namespace, body })
}

/** The same answer as before, with the generated key as long as it still is the tenant's. */
async function repeatRotation(context: TenantContext, userId: string, apiKey: string | undefined, changed: Changed) {
  const secret = await context.repository.readSecret(userId, await context.operator())
  const key = secret && keyOf(secret)
  if (committedBy(secret?.metadata?.annotations)?.id !== changed.operation.id || key === undefined) return changed
  if (apiKey !== undefined && apiKey !== key) throw reusedKey()
  return changed.operation.generatedKey ? { ...changed, apiKey: key } : changed
}
