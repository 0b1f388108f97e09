import { namesFor } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'
import { changesOf } from '../observe/changes.ts'
import type { Operation } from '../record/operation.ts'
import { isOurs, type Recorded, specOf } from '../record/repository.ts'

/** Changes tell when to look again; at the latest after this long, which costs no call. */
const LONGEST_WAIT_MS = 5000

/** How far an operation has come: undefined: it is not over yet; `gone`: its tenant is no more. */
export type Awaited = { ended: 'succeeded' | 'failed' | 'gone' | undefined; recorded: Recorded }

/**
 * Waits until an operation has ended, as the watches tell; hanging up ends only the wait. The write is made, so a cluster that does
 * not answer meanwhile is waited for too.
 * @param recorded what the write has left; the answer has what was seen last
 */
export async function awaitOperation(
  { cache }: TenantContext,
  recorded: Recorded,
  operation: Operation,
  seconds: number,
  signal: AbortSignal,
): Promise<Awaited> {
  const { userId } = recorded.spec
  const changes = changesOf(cache, namesFor(userId).namespace)
  const until = Date.now() + seconds * 1000
  let last = recorded
  try {
    for (;;) {
      const seen = look()
      if (seen === 'gone') return { ended: 'gone', recorded: last }
      last = seen
      const { id, state } = last.spec.operation
      if (id !== operation.id) return { ended: 'failed', recorded: last } // Superseded by a newer one.
      if (state !== 'running') return { ended: state === 'succeeded' ? 'succeeded' : 'failed', recorded: last }
      const left = until - Date.now()
      if (left <= 0 || signal.aborted) return { ended: undefined, recorded: last }
      await changes.next(Math.min(LONGEST_WAIT_MS, left), signal)
    }
  } finally {
    changes.stop()
  }

  function look(): Recorded | 'gone' {
    if (!cache.synced) return last
    const namespace = cache.get('namespaces', namesFor(userId).namespace)
    if (namespace === undefined || !isOurs(namespace, userId)) return 'gone'
    return { namespace, spec: specOf(namespace) }
  }
}
