import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import type { TenantIndex } from '../observe/tenant-index.ts'
import type { Changes } from './changes.ts'

/** Several changes of a tenant within this time (ms) are told as one. */
const COALESCE_MS = 100
/** So that nobody between takes the connection for dead (ms). */
const HEARTBEAT_MS = 15_000
/** A stream ends after this (ms), and goes on under a credential that is looked at anew. */
const LONGEST_MS = 15 * 60_000
/** A whole fleet is told in pieces, between which others have their turn. */
const PIECE = 50

/** What is sent; `heartbeat` says nothing. `position`: where to go on from, if it is known. */
export type Told =
  | { event: 'tenant' | 'deleted'; userId: string; position?: number }
  | { event: 'resync' | 'synced'; position?: number }
  | { event: 'heartbeat' }

export type StreamOptions = {
  /** Only this tenant. */
  userId?: string | undefined
  /** Ends once that tenant is gone. */
  endsWithIt?: boolean
  /** Where the caller left off; undefined: at the beginning. */
  position?: number | undefined
  /** Whether the caller left off where nobody here can go on. */
  isForeign?: boolean
  signal: AbortSignal
}

/**
 * Each tenant as it is, then again whenever it has changed, at least once for each state that lasts; a tenant that changes faster than
 * it can be told of is told of as it is in the end. Who was away for too long is told `resync` and everything anew.
 */
export async function* streamOf(
  tenants: Pick<TenantIndex, 'states' | 'get'>,
  changes: Changes,
  { userId: only, endsWithIt = false, position, isForeign = false, signal }: StreamOptions,
): AsyncGenerator<Told> {
  const pending = new Map<string, number>()
  let wake = () => {}
  const note = (userId: string, number: number) => {
    if (only !== undefined && only !== userId) return
    pending.delete(userId)
    pending.set(userId, number)
    wake()
  }
  const stop = changes.listen(note)
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort, { once: true })
  const next = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const endsAt = performance.now() + LONGEST_MS
  try {
    const missed = position === undefined ? undefined : changes.since(position)
    if (missed) for (const [userId, number] of missed) note(userId, number)
    else {
      if (position !== undefined || isForeign) yield { event: 'resync' }
      yield* all()
    }
    while (!signal.aborted && performance.now() < endsAt) {
      if (pending.size === 0) await next(HEARTBEAT_MS)
      if (signal.aborted) return
      if (pending.size === 0) yield { event: 'heartbeat' }
      else {
        await sleep(COALESCE_MS, undefined, { signal }).catch(() => {})
        yield* changed()
      }
      if (endsWithIt && tenants.get(only!) === undefined) return
    }
  } finally {
    stop()
    signal.removeEventListener('abort', onAbort)
  }

  async function* all(): AsyncGenerator<Told> {
    const before = changes.position
    let told = 0
    // Tenants may come and go between two turns.
    for (const userId of only === undefined ? [...tenants.states()].map(([id]) => id) : [only]) {
      if (signal.aborted) return
      if (tenants.get(userId) !== undefined) yield { event: 'tenant', userId }
      if (++told % PIECE === 0) await turn()
    }
    yield { event: 'synced', position: before }
  }

  async function* changed(): AsyncGenerator<Told> {
    for (const [userId, number] of [...pending]) {
      if (signal.aborted) return
      // It may have changed once more, and comes again then.
      if (pending.get(userId) === number) pending.delete(userId)
      yield { event: tenants.get(userId) === undefined ? 'deleted' : 'tenant', userId, position: number }
    }
  }
}
