import { problem } from '../../errors.ts'
import { KubernetesError } from '../../kubernetes/errors.ts'
import { linesOf } from '../../kubernetes/watch/lines.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'
import type { Observed } from '../observe/observed.ts'
import { currentPod } from '../view/conditions.ts'

/** Bytes of an answer that is not followed. */
const MOST_BYTES = 4 * 1024 * 1024
/** A database that is asked for nothing writes nothing. */
const NEVER = 0

export type LogQuery = {
  /** So many lines, the last ones. */
  tail: number
  /** Only lines of the last so many seconds. */
  since?: number | undefined
  /** Of the container that ran before this one. */
  previous?: boolean | undefined
  /** Goes on with new lines until the container ends. */
  follow?: boolean | undefined
}

/**
 * Opens the log of a tenant's database.
 * @param redacted takes keys out of a text
 * @returns its lines, each with its time and an end of line
 * @throws problem `no-log`; KubernetesError, also while it is read
 */
export async function openLog(
  { raw, repository, serviceIdentity }: Pick<TenantContext, 'raw' | 'repository' | 'serviceIdentity'>,
  userId: string,
  { pods }: Observed,
  query: LogQuery,
  redacted: (text: string) => string,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  const pod = currentPod(pods)?.metadata
  if (pod === undefined) throw problem('no-log', 'The database has no pod whose log could be read.')
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`
  try {
    const body = await repository.withGrant(userId, await serviceIdentity(), () =>
      raw.stream(path, parametersOf(query), signal, query.follow ? NEVER : undefined),
    )
    return redactedLines(body, redacted)
  } catch (error) {
    // Its container does not run yet, or there was none before it.
    if (error instanceof KubernetesError && error.status === 400) throw problem('no-log', redacted(error.message))
    throw error
  }
}

function parametersOf({ tail, since, previous, follow }: LogQuery): Record<string, string> {
  return {
    container: CONTAINER_NAME,
    timestamps: 'true',
    tailLines: String(tail),
    ...(since === undefined ? {} : { sinceSeconds: String(since) }),
    ...(previous ? { previous: 'true' } : {}),
    ...(follow ? { follow: 'true' } : { limitBytes: String(MOST_BYTES) }),
  }
}

async function* redactedLines(body: AsyncIterable<Uint8Array>, redacted: (text: string) => string) {
  for await (const line of linesOf(body)) yield `${redacted(line)}\n`
}
