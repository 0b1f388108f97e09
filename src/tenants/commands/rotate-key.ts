import { randomBytes } from 'node:crypto'
import { Problem, problem } from '../../errors.ts'
import { isRefused, reasonOf } from '../../kubernetes/errors.ts'
import { pendingKeyOf } from '../../manifests/pending-key.ts'
import { keyOf } from '../../manifests/secret.ts'
import { stageKey, unstageKey } from '../record/key-rotation.ts'
import type { Operation } from '../record/operation.ts'
import { committedBy } from '../record/ownership.ts'
import type { Spec } from '../record/spec.ts'
import { withOperation } from '../record/transitions.ts'
import { type Changed, type ChangeOptions, changeTenant, refuseDeleted, refusePurged } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { planRestart, renewed } from './lifecycle.ts'
import { reusedKey } from './operation.ts'

const KEY_BYTES = 32

/**
 * Gives the database another key, with one restart, after which the old key is refused. The key first waits in the Secret; the
 * write of the record is the commit, and from then on whoever runs puts the key in force.
 * @param apiKey absent: one is generated, and returned this once
 * @throws Problem: no such tenant, it is deleted, its Secret is gone; nothing has changed then
 */
export async function rotateKey(
  context: TenantContext,
  userId: string,
  apiKey: string | undefined,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed & { apiKey?: string }> {
  const key = apiKey ?? randomBytes(KEY_BYTES).toString('base64url')
  let staged: Operation | undefined
  try {
    const changed = await changeTenant(context, userId, 'rotate-key', caller, options, async (live, started) => {
      refusePurged(live)
      refuseDeleted(live.spec)
      refuseForeignKey(live.spec)
      const operation = apiKey === undefined ? { ...started, generatedKey: true } : started
      const desired = renewed(live.spec)
      const { plan, before } = await planRestart(context, live.spec, desired, options.force)
      const planned = { ...operation, plan: { ...plan, steps: ['key', ...plan.steps] }, before }
      staged = operation
      await stageKey(context, userId, operation, key)
      return withOperation(live.spec, planned, { desired, pendingKey: operation.id })
    })
    if (changed.operation.id === staged?.id) return apiKey === undefined ? { ...changed, apiKey: key } : changed
    return repeatRotation(context, userId, apiKey, changed)
  } catch (error) {
    // Where nobody knows whether the record was written, the key must stay.
    if (staged && (error instanceof Problem || isRefused(error))) await takeBack(context, userId, staged)
    throw error
  }
}

async function takeBack(context: TenantContext, userId: string, { id }: Operation): Promise<void> {
  try {
    await unstageKey(context, userId, id)
  } catch (error) {
    const reason = reasonOf(error)
    context.log.warn({ userId, reason }, 'the key of a refused rotation could not be taken out of the Secret yet')
  }
}

function refuseForeignKey({ desired }: Spec): void {
  const { name } = desired.options.secret
  if (name === null) return
  throw problem(
    'not-feasible',
    `The key is in the Secret ${name}, which an operator keeps: change it there, then restart.`,
  )
}

/** The same answer as before, with the generated key as long as it still is the tenant's, or is about to be. */
async function repeatRotation(context: TenantContext, userId: string, apiKey: string | undefined, changed: Changed) {
  const { operation } = changed
  const secret = await context.repository.readSecret(userId, await context.serviceIdentity())
  if (secret === undefined) return changed
  const isInForce = committedBy(secret.metadata?.annotations)?.id === operation.id
  const key = isInForce ? keyOf(secret) : pendingKeyOf(secret, operation.id)
  if (key === undefined) return changed
  if (apiKey !== undefined && apiKey !== key) throw reusedKey()
  return operation.generatedKey ? { ...changed, apiKey: key } : changed
}
