import {
  isConflict,
  isNotAllowed,
  isNotFound,
  isQuotaExceeded,
  isTerminating,
  isUnavailable,
  type KubernetesError,
} from '../../kubernetes/errors.ts'
import type { Decision } from '../decide/decide.ts'
import type { Observed } from '../observe/observed.ts'
import type { Failure } from '../record/operation.ts'
import type { Spec } from '../record/spec.ts'
import { act } from './act.ts'
import { gaveUp, NOT_IN_PLACE, outOfTime, refusal } from './failures.ts'
import { fallBackToRestart } from './fall-back.ts'
import { finish } from './finish.ts'
import { look } from './look.ts'
import { isOverdue, type Run, untilDue } from './run.ts'

/** While something is waited for, changes tell when to look again; at the latest after this long, which costs no call. */
const LONGEST_WAIT_MS = 30_000
/** How long the watches may take to tell what somebody else has written. */
const CATCH_UP_MS = 1000
/** What the cluster would not do now is tried again after this long, and after twice as long each further time. */
const FIRST_HELD_MS = 1000
const LONGEST_HELD_MS = 15_000
/** Without an operation that has a deadline, the effect of an act is waited for this long; the resync looks after it. */
const SETTLE_MS = 30_000

/** What follows a pass: another one at once, or after the next change and at the latest then, or none. */
export type Next = 'again' | { waitMs: number } | 'end'

/**
 * Takes one tenant one step closer to what its spec says: looks at what the watches have told, decides, acts. Called again and again,
 * until nothing differs or, if no operation is running, until only waiting is left. Safe to repeat, to cut off anywhere, and to run
 * twice at once. An API server that does not answer, or does not let this service do it now, is waited for: what was promised to the
 * caller is still promised.
 * @throws KubernetesError, NotAcceptedError if the cluster refuses and no operation is running that could record it
 */
export async function reconcile(run: Run): Promise<Next> {
  const { deps, userId, progress } = run
  try {
    if (!deps.cache.synced) return { waitMs: CATCH_UP_MS }
    const seen = await look(run)
    if (seen === undefined) {
      progress.gone(userId)
      return 'end'
    }
    const { spec, observed, decision } = seen
    progress.track(spec, observed, decision, run.obstacle?.message)
    run.isOperating = spec.operation.state === 'running'
    return spec.operation.state === 'running'
      ? await advance(run, spec, observed, decision)
      : await settle(run, spec, decision)
  } catch (error) {
    if (isUnavailable(error) || (isNotAllowed(error) && mayPass(run))) return held(run, error)
    // Somebody was faster, which the watches are about to tell. Or what was to be changed is going: that is waited for.
    if (isConflict(error) || isNotFound(error) || isTerminating(error)) return { waitMs: CATCH_UP_MS }
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
  if (isOverdue(run, spec, decision)) return end(outOfTime(decision, observed, run.obstacle?.message))
  switch (decision.next) {
    case 'reread':
      return reread(run, spec, decision)
    case 'wait':
      return { waitMs: Math.min(untilDue(run, spec, decision), LONGEST_WAIT_MS) }
    case 'failed':
      return end(gaveUp(decision, observed))
    case 'infeasible':
    case 'rewritten': {
      const { restarts, reasons } = await fallBackToRestart(deps, spec, observed)
      if (restarts) return 'again'
      const message = [decision.message, ...reasons.map(({ message }) => message)].join('; ')
      return end(gaveUp({ ...decision, message, reason: NOT_IN_PLACE[decision.next] }, observed))
    }
    case 'act':
      try {
        return await doActs(run, spec, decision)
      } catch (error) {
        if (isQuotaExceeded(error)) return held(run, error)
        const failure = refusal(error, observed)
        if (failure === undefined) throw error
        return end(failure)
      }
  }
}

/** Without an operation: mends what differs, and follows the effect for a while. */
async function settle(run: Run, spec: Spec, decision: Decision): Promise<Next> {
  if (decision.next === 'reread') return reread(run, spec, decision)
  if (decision.next === 'act') return doActs(run, spec, decision)
  return decision.next === 'wait' && Date.now() - run.actedAt < SETTLE_MS ? { waitMs: SETTLE_MS } : 'end'
}

/** Whether rights that are missing are waited for. Where no operation has a deadline, that ends: the resync comes again. */
function mayPass({ isOperating, startedAt }: Run): boolean {
  return isOperating === true || Date.now() - startedAt < SETTLE_MS
}

function held(run: Run, error: KubernetesError): Next {
  if (run.obstacle?.detail !== error.detail) run.deps.onHeld(run.userId, error)
  run.obstacle = error
  return { waitMs: Math.min(FIRST_HELD_MS * 2 ** run.helds++, LONGEST_HELD_MS) }
}

/** A record that stays behind what was written for it has been put back by another hand: it holds, under a newer generation. */
async function reread(run: Run, { userId }: Spec, { fence }: Decision & { next: 'reread' }): Promise<Next> {
  run.rereads += 1
  if (run.rereads > 1) {
    await run.deps.repository.change(userId, ({ spec }) =>
      spec.generation < fence ? { ...spec, generation: fence, workloadGeneration: fence } : spec,
    )
  }
  return { waitMs: CATCH_UP_MS }
}

async function doActs(run: Run, spec: Spec, { acts }: Decision & { next: 'act' }): Promise<Next> {
  run.actedAt = Date.now()
  const done = await act(run.deps, spec, acts, run.admissions)
  run.obstacle = undefined
  run.helds = 0
  return done === 'wait' ? { waitMs: CATCH_UP_MS } : done ? 'again' : 'end'
}
