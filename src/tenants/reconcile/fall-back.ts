import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { isRefused } from '../../kubernetes/errors.ts'
import type { Observed } from '../observe/observed.ts'
import { gatherFacts } from '../plan/facts.ts'
import { type Change, planChange } from '../plan/plan.ts'
import type { Reason } from '../record/plan.ts'
import type { Spec } from '../record/spec.ts'
import type { ActDeps } from './act.ts'
import { isRunning } from './finish.ts'

/**
 * After the node has said that it can never hold the size: the same change by a restart, where the plan was `auto` and a new pod
 * would start. Else the database would be down, and the way back as well.
 * @returns whether it goes on by a restart, and if not what is in the way
 */
export async function fallBackToRestart(
  { apis, capabilities, repository }: Pick<ActDeps, 'apis' | 'capabilities' | 'repository'>,
  spec: Spec,
  observed: Observed,
): Promise<{ restarts: boolean; reasons: readonly Reason[] }> {
  const { desired, previous, operation } = spec
  if (operation.plan?.strategy !== 'auto') return { restarts: false, reasons: [] }
  const change: Change = { from: previous ?? desired, to: desired, strategy: 'restart', force: false }
  const { feasible, reasons } = await planOf(apis, observed, change, await capabilities())
  if (!feasible) return { restarts: false, reasons }
  await repository.change(spec.userId, ({ spec: live }) =>
    isRunning(live, spec) ? { ...live, operation: { ...live.operation, resize: 'restart' } } : live,
  )
  return { restarts: true, reasons: [] }
}

/** A policy that denies the restart is in its way as any other obstacle. */
async function planOf(apis: Apis, observed: Observed, change: Change, capabilities: Capabilities) {
  try {
    return planChange(change, await gatherFacts(apis, observed, change, capabilities))
  } catch (error) {
    if (!isRefused(error)) throw error
    return { feasible: false, reasons: [{ code: 'NotAccepted', message: error.message }] }
  }
}
