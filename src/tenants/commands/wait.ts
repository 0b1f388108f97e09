import { namesFor } from '../../manifests/names.ts'
import { changesOf } from '../observe/changes.ts'
import type { Operation } from '../record/operation.ts'
import { isOurs, specOf } from '../record/repository.ts'
import type { TenantContext } from './context.ts'

const TICK_MS = 500

/**
 * Waits until an operation has ended; hanging up ends only the wait.
 * @returns `gone`: the tenant is no more, as a purge wants it; undefined: it is not over yet
 */
export async function awaitOperation(
  { cache, repository }: TenantContext,
  userId: string,
  operation: Operation,
  seconds: number,
  signal: AbortSignal,
): Promise<'succeeded' | 'failed' | 'gone' | undefined> {
  const changes = changesOf(cache, namesFor(userId).namespace)
  const until = Date.now() + seconds * 1000
  try {
    for (;;) {
      const namespace = await repository.namespaceOf(userId)
      if (namespace === undefined || !isOurs(namespace, userId)) return 'gone'
      const { operation: live } = specOf(namespace)
      if (live.id !== operation.id) return 'failed' // Superseded by a newer one.
      if (live.state !== 'running') return live.state === 'succeeded' ? 'succeeded' : 'failed'
      const left = until - Date.now()
      if (left <= 0 || signal.aborted) return undefined
      await changes.next(Math.min(TICK_MS, left), signal)
    }
  } finally {
    changes.stop()
  }
}
