import { isConflict, isNotFound, isQuotaExceeded, isTerminating, isUnavailable } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { type Decision, decide } from '../decide/decide.ts'
import { type ChangeSource, changesOf } from '../observe/changes.ts'
import { gather } from '../observe/gather.ts'
import type { Observed } from '../observe/observed.ts'
import type { Failure } from '../record/operation.ts'
import { isOurs, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { type ActDeps, act } from './act.ts'
import { type Failing, gaveUp, outOfTime, refusal } from './failures.ts'
import { type FinishDeps, fallBackToRestart, finish } from './finish.ts'
import { Progress } from './progress.ts'

/** While something is waited for, it is looked at again at least this often, should a watch be late. */
const TICK_MS = 1000
/** Without an operation that has a deadline, the effect of an act is waited for this long; the finisher looks after it. */
const SETTLE_MS = 30_000

export type ConvergeDeps = ActDeps &
  FinishDeps & { changes: ChangeSource; stepTimeoutsMs: { volume: number; pod: number } }

/** What follows a pass: look again at once, or after the next change, or not at all. */
type Next = 'again' | 'wait' | 'end'

/**
 * Makes one tenant what its spec says: reads, decides, acts, and reads again, until nothing differs or, if no operation is
 * running, until only waiting is left. Safe to repeat, to cut off anywhere, and to run twice at once. An API server that does
 * not answer is waited for: what was promised to the caller is still promised.
 * @throws KubernetesError, NotAcceptedError if the cluster refuses and no operation is running that could record it
 */
export async function converge(deps: ConvergeDeps, userId: string, signal: AbortSignal): Promise<void> {
  const changes = changesOf(deps.changes, namesFor(userId).namespace)
  const run: Run = { deps, progress: new Progress(deps.operations), actedAt: Number.NEGATIVE_INFINITY }
  try {
    for (let next: Next = 'again'; next !== 'end' && !signal.aborted; ) {
      next = await pass(run, userId)
      if (next === 'wait') await changes.next(TICK_MS, signal)
    }
  } finally {
    changes.stop()
  }
}

type Run = { deps: ConvergeDeps; progress: Progress; actedAt: number }

async function pass(run: Run, userId: string): Promise<Next> {
  const { deps, progress } = run
  try {
    const observed = await gather(deps.apis, userId)
    if (observed === undefined || !isOurs(observed.namespace, userId)) {
      progress.gone(userId)
      return 'end'
    }
    const spec = specOf(observed.namespace)
    const surveyed = { operator: await deps.operator(), capabilities: await deps.capabilities() }
    const decision = decide(spec, observed, surveyed)
    progress.track(spec, observed, decision)
    return spec.operation.state === 'running'
      ? await advance(run, spec, observed, decision)
      : await settle(run, spec, decision)
  } catch (error) {
    if (isUnavailable(error)) return 'wait'
    // Somebody was faster: what holds now is read at once. Or what was to be changed is going: that is waited for.
    if (isConflict(error)) return 'again'
    if (isNotFound(error) || isTerminating(error)) return 'wait'
    throw error
  }
}

/** Takes the running operation one decision further. */
async function advance(run: Run, spec: Spec, observed: Observed, decision: Decision): Promise<Next> {
  const { deps, progress } = run
  const end = async (failure?: Failure): Promise<Next> => {
    await finish(deps, progress, spec, observed, failure)
    return 'again'
  }
  if (decision.next === 'done') return end()
  if (isOverdue(run, spec, decision)) return end(outOfTime(decision, observed))
  switch (decision.next) {
    case 'reread':
      return 'again'
    case 'wait':
      return 'wait'
    case 'failed':
      return end(gaveUp(decision, observed))
    case 'infeasible':
      if (spec.operation.plan?.strategy !== 'auto') return end(gaveUp({ ...decision, reason: 'Infeasible' }, observed))
      await fallBackToRestart(deps, spec)
      return 'again'
    case 'act':
      try {
        return await doActs(run, spec, decision)
      } catch (error) {
        if (isQuotaExceeded(error)) return 'wait'
        const failure = refusal(error, observed)
        if (failure === undefined) throw error
        return end(failure)
      }
  }
}

/** Without an operation: mends what differs, and follows the effect for a while. */
async function settle(run: Run, spec: Spec, decision: Decision): Promise<Next> {
  if (decision.next === 'reread') return 'again'
  if (decision.next === 'act') return doActs(run, spec, decision)
  return decision.next === 'wait' && Date.now() - run.actedAt < SETTLE_MS ? 'wait' : 'end'
}

async function doActs(run: Run, spec: Spec, { acts }: Decision & { next: 'act' }): Promise<Next> {
  run.actedAt = Date.now()
  const done = await act(run.deps, spec, acts)
  return done === 'wait' ? 'wait' : done ? 'again' : 'end'
}

function isOverdue({ deps, progress }: Run, { operation }: Spec, { step }: Failing): boolean {
  const limit = step === 'volume' || step === 'pod' ? deps.stepTimeoutsMs[step] : Number.POSITIVE_INFINITY
  return Date.parse(operation.deadline) < Date.now() || progress.timeIn(step) > limit
}
