import { Problem } from '../../errors.ts'
import { KubernetesError, traceOf } from '../../kubernetes/errors.ts'
import type { TenantContext } from '../commands/context.ts'
import { eventsOf } from '../insight/events.ts'
import { openLog } from '../insight/log.ts'
import { redactorOf } from '../insight/redact.ts'
import { databaseStatus, isReady, type Observed } from '../observe/observed.ts'
import type { Spec } from '../record/spec.ts'
import { currentPod } from '../view/conditions.ts'
import type { Case } from './cause.ts'

/** Lines of the log that a cause is looked for in. */
const TAIL = 50
const LOG_SECONDS = 10

/** Gathers all that a cause is looked for in. What cannot be read is left open, as much is wrong where a diagnosis is asked for. */
export async function examine(context: TenantContext, spec: Spec, observed: Observed, now: number): Promise<Case> {
  const redacted = await orNothing(context, spec, () => redactorOf(context, spec))
  const [events, log] = redacted
    ? await Promise.all([
        orNothing(context, spec, () => eventsOf(context, spec.userId, redacted)),
        orNothing(context, spec, () => lastLines(context, spec, observed, redacted)),
      ])
    : []
  return { spec, observed, events, log, now }
}

/** Of a database that has a reason to complain: of its last run if it does not run now. */
async function lastLines(
  context: TenantContext,
  { userId }: Spec,
  observed: Observed,
  redacted: (text: string) => string,
): Promise<string[] | undefined> {
  const pod = currentPod(observed.pods)
  const status = databaseStatus(pod)
  if (!pod || isReady(pod) || !status || (!status.started && status.restartCount === 0)) return []
  const previous = status.state?.running === undefined && status.restartCount > 0
  const lines: string[] = []
  const query = { tail: TAIL, previous }
  for await (const line of await openLog(
    context,
    userId,
    observed,
    query,
    redacted,
    AbortSignal.timeout(LOG_SECONDS * 1000),
  )) {
    lines.push(line.trimEnd())
  }
  return lines
}

async function orNothing<T>({ log }: TenantContext, { userId }: Spec, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof KubernetesError || error instanceof Problem)) throw error
    log.info(
      { userId, ...(error instanceof Problem ? { reason: error.code } : traceOf(error)) },
      'a diagnosis goes without',
    )
    return undefined
  }
}
