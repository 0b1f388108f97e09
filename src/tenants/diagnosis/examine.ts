import { Problem } from '../../errors.ts'
import { KubernetesError, traceOf } from '../../kubernetes/errors.ts'
import type { TenantContext } from '../commands/context.ts'
import { eventsOf } from '../insight/events.ts'
import { type LogQuery, openLog } from '../insight/log.ts'
import { redactorOf } from '../insight/redact.ts'
import { databaseStatus, isReady, type Observed } from '../observe/observed.ts'
import type { Spec } from '../record/spec.ts'
import { currentPod } from '../view/conditions.ts'
import type { Case } from './cause.ts'

/** Lines of the log that a cause is looked for in. */
const TAIL = 50
/** Of one that runs: also of its clients, who may come and go often. */
const RECENT_TAIL = 1000
const RECENT_SECONDS = 60
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

async function lastLines(
  context: TenantContext,
  spec: Spec,
  observed: Observed,
  redacted: (text: string) => string,
): Promise<string[] | undefined> {
  const query = queryOf(spec, observed)
  if (query === undefined) return []
  const lines: string[] = []
  const signal = AbortSignal.timeout(LOG_SECONDS * 1000)
  for await (const line of await openLog(context, spec.userId, observed, query, redacted, signal)) {
    lines.push(line.trimEnd())
  }
  return lines
}

/**
 * The lines that say what is wrong now: of a database that runs those of its last few flushes, as what is older may have been mended; else
 * the last ones, of the run before if there is none now.
 */
function queryOf({ desired }: Spec, { pods }: Observed): LogQuery | undefined {
  const pod = currentPod(pods)
  const status = databaseStatus(pod)
  if (!pod || !status) return undefined
  if (isReady(pod)) return { tail: RECENT_TAIL, since: Math.max(RECENT_SECONDS, 3 * desired.options.flushInterval) }
  if (!status.started && status.restartCount === 0) return undefined
  return { tail: TAIL, previous: status.state?.running === undefined && status.restartCount > 0 }
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
