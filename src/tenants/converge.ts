import { isConflict, isNotFound, isTerminating, isUnavailable, KubernetesError } from '../kubernetes/errors.ts'
import { namesFor } from '../manifests/names.ts'
import { type ActDeps, act, NotAcceptedError } from './act.ts'
import { type ChangeSource, changesOf } from './changes.ts'
import { type Decision, decide } from './decide.ts'
import { gather } from './gather.ts'
import { isReady, type Observed } from './observed.ts'
import { finish, type OutcomeDeps, Progress } from './progress.ts'
import { isOurs, specOf } from './repository.ts'
import type { Failure, Spec } from './spec.ts'

/** While something is waited for, it is looked at again at least this often, should a watch be late. */
const TICK_MS = 1000
/** Answers that say no to what was asked, and would again. */
const REFUSALS = new Set([400, 403, 422])

export type ConvergeDeps = ActDeps & OutcomeDeps & { changes: ChangeSource }

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
  const progress = new Progress(deps.operations)
  try {
    for (let next: Next = 'again'; next !== 'end' && !signal.aborted; ) {
      next = await pass(deps, userId, progress)
      if (next === 'wait') await changes.next(TICK_MS, signal)
    }
  } finally {
    changes.stop()
  }
}

async function pass(deps: ConvergeDeps, userId: string, progress: Progress): Promise<Next> {
  try {
    const observed = await gather(deps.apis, userId)
    if (observed === undefined || !isOurs(observed.namespace, userId)) {
      progress.gone(userId)
      return 'end'
    }
    const spec = specOf(observed.namespace)
    const decision = decide(spec, observed, await deps.operator())
    progress.track(spec, decision)
    return await carryOut(deps, progress, spec, observed, decision)
  } catch (error) {
    if (isUnavailable(error)) return 'wait'
    // Somebody was faster: what holds now is read at once. Or what was to be changed is going: that is waited for.
    if (isConflict(error)) return 'again'
    if (isNotFound(error) || isTerminating(error)) return 'wait'
    throw error
  }
}

async function carryOut(
  deps: ConvergeDeps,
  progress: Progress,
  spec: Spec,
  observed: Observed,
  decision: Decision,
): Promise<Next> {
  const running = spec.operation.state === 'running'
  if (running && decision.next !== 'done' && Date.parse(spec.operation.deadline) < Date.now()) {
    return finish(deps, progress, spec, observed, outOfTime(decision, observed))
  }
  switch (decision.next) {
    case 'reread':
      return 'again'
    case 'wait':
      return running ? 'wait' : 'end'
    case 'done':
      return running ? finish(deps, progress, spec, observed) : 'end'
    case 'act':
      try {
        return (await act(deps, spec, decision.acts)) ? 'again' : 'end'
      } catch (error) {
        const failure = running ? refusal(error, observed) : undefined
        if (failure === undefined) throw error
        return finish(deps, progress, spec, observed, failure)
      }
  }
}

/** The failure that a refused write means for its operation; undefined if the error is of another kind. */
function refusal(error: unknown, observed: Observed): Failure | undefined {
  const tenantUsable = observed.pods.some(isReady)
  if (error instanceof NotAcceptedError) {
    return { reason: 'NotAccepted', message: error.message, tenantUsable, retryable: false }
  }
  if (!(error instanceof KubernetesError) || !REFUSALS.has(error.status)) return undefined
  const { reason, message } = error
  return isUnavailable(error) || isTerminating(error) ? undefined : { reason, message, tenantUsable, retryable: false }
}

function outOfTime(decision: Decision, observed: Observed): Failure {
  const [reason, message] =
    decision.next === 'wait' ? [decision.reason, decision.message] : ['Timeout', 'the cluster kept changing']
  return {
    reason,
    message: `not done in time, at step ${decision.step}: ${message}`,
    tenantUsable: observed.pods.some(isReady),
    retryable: true,
  }
}
