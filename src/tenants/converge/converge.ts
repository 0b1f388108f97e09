import { setTimeout as sleep } from 'node:timers/promises'
import {
  isConflict,
  isNotAllowed,
  isNotFound,
  isQuotaExceeded,
  isTerminating,
  isUnavailable,
  type KubernetesError,
} from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import type { Admission } from '../decide/admission.ts'
import { type Decision, decide } from '../decide/decide.ts'
import { type ChangeSource, changesOf } from '../observe/changes.ts'
import { gather } from '../observe/gather.ts'
import type { Observed } from '../observe/observed.ts'
import type { Failure } from '../record/operation.ts'
import { isOurs, specOf } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { type ActDeps, act } from './act.ts'
import { type Failing, gaveUp, NOT_IN_PLACE, outOfTime, refusal } from './failures.ts'
import { fallBackToRestart } from './fall-back.ts'
import { type FinishDeps, finish } from './finish.ts'
import { Progress } from './progress.ts'

/** While something is waited for, it is looked at again at least this often, should a watch be late. */
const TICK_MS = 1000
/** Without an operation that has a deadline, the effect of an act is waited for this long; the resync looks after it. */
const SETTLE_MS = 30_000

export type ConvergeDeps = ActDeps &
  FinishDeps & {
    changes: ChangeSource
    stepTimeoutsMs: { volume: number; pod: number }
    /** Told why a tenant has to wait although something is to be done, whenever the reason is another one. */
    onHeld: (userId: string, error: KubernetesError) => void
  }

/** So many passes without a wait between them are more than any change takes: from then on there is a pause before each. */
const BUSY_PASSES = 40
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000

/** What follows a pass: look again at once, or after the next change, or not at all. */
type Next = 'again' | 'wait' | 'end'

/**
 * Makes one tenant what its spec says: reads, decides, acts, and reads again, until nothing differs or, if no operation is
 * running, until only waiting is left. Safe to repeat, to cut off anywhere, and to run twice at once. An API server that does
 * not answer, or does not let this service do it now, is waited for: what was promised to the caller is still promised.
 * @throws KubernetesError, NotAcceptedError if the cluster refuses and no operation is running that could record it
 */
export async function converge(deps: ConvergeDeps, userId: string, signal: AbortSignal): Promise<void> {
  const changes = changesOf(deps.changes, namesFor(userId).namespace)
  const run: Run = {
    deps,
    userId,
    progress: new Progress(deps.operations),
    startedAt: Date.now(),
    actedAt: Number.NEGATIVE_INFINITY,
    rereads: 0,
    admissions: new Map(),
  }
  let busy = 0
  try {
    for (let next: Next = 'again'; next !== 'end' && !signal.aborted; ) {
      next = await pass(run, userId)
      busy = next === 'wait' ? 0 : busy + 1
      if (next === 'wait') await changes.next(TICK_MS, signal)
      else if (busy > BUSY_PASSES) await pause(busy - BUSY_PASSES, signal)
    }
  } finally {
    changes.stop()
  }
}

type Run = {
  deps: ConvergeDeps
  userId: string
  progress: Progress
  startedAt: number
  actedAt: number
  /** What the cluster has made of manifests. */
  admissions: Map<string, Admission>
  /** How often in a row a newer fence than the record was seen. */
  rereads: number
  isOperating?: boolean
  /** Why the last act could not be done yet. */
  obstacle?: KubernetesError | undefined
}

/** Another hand undoes what is done, or a policy never lets it be: that must cost little, and a deadline will end it. */
async function pause(times: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS)
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {}) // Aborted: the loop sees it.
}

async function pass(run: Run, userId: string): Promise<Next> {
  const { deps, progress } = run
  try {
    const observed = await gather(deps.apis, userId)
    if (observed === undefined || !isOurs(observed.namespace, userId)) {
      progress.gone(userId)
      return 'end'
    }
    const spec = specOf(observed.namespace)
    const [serviceIdentity, capabilities] = [await deps.serviceIdentity(), await deps.capabilities()]
    const decision = decide(spec, observed, { serviceIdentity, capabilities, admissions: run.admissions })
    progress.track(spec, observed, decision, run.obstacle?.message)
    run.isOperating = spec.operation.state === 'running'
    return spec.operation.state === 'running'
      ? await advance(run, spec, observed, decision)
      : await settle(run, spec, decision)
  } catch (error) {
    if (isUnavailable(error) || (isNotAllowed(error) && mayPass(run))) return held(run, error)
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
  if (isOverdue(run, spec, decision)) return end(outOfTime(decision, observed, run.obstacle?.message))
  switch (decision.next) {
    case 'reread':
      return reread(run, spec, decision)
    case 'wait':
      return 'wait'
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
  return decision.next === 'wait' && Date.now() - run.actedAt < SETTLE_MS ? 'wait' : 'end'
}

/** Whether rights that are missing are waited for. Where no operation has a deadline, that ends: the resync comes again. */
function mayPass({ isOperating, startedAt }: Run): boolean {
  return isOperating === true || Date.now() - startedAt < SETTLE_MS
}

function held(run: Run, error: KubernetesError): Next {
  if (run.obstacle?.detail !== error.detail) run.deps.onHeld(run.userId, error)
  run.obstacle = error
  return 'wait'
}

/** A record that stays behind what was written for it has been put back by another hand: it holds, under a newer generation. */
async function reread(run: Run, { userId }: Spec, { fence }: Decision & { next: 'reread' }): Promise<Next> {
  run.rereads += 1
  if (run.rereads > 1) {
    await run.deps.repository.change(userId, ({ spec }) =>
      spec.generation < fence ? { ...spec, generation: fence, workloadGeneration: fence } : spec,
    )
  }
  return 'again'
}

async function doActs(run: Run, spec: Spec, { acts }: Decision & { next: 'act' }): Promise<Next> {
  run.actedAt = Date.now()
  const done = await act(run.deps, spec, acts, run.admissions)
  run.obstacle = undefined
  return done === 'wait' ? 'wait' : done ? 'again' : 'end'
}

function isOverdue({ deps, progress }: Run, { operation }: Spec, { step }: Failing): boolean {
  const limit = step === 'volume' || step === 'pod' ? deps.stepTimeoutsMs[step] : Number.POSITIVE_INFINITY
  return Date.parse(operation.deadline) < Date.now() || progress.timeIn(step) > limit
}
