import { setTimeout as sleep } from 'node:timers/promises'
import type { TenantIndex } from '../observe/tenant-index.ts'
import { Pace } from '../reconcile/pace.ts'
import type { Changes } from './changes.ts'

/** Several changes of a tenant within this time (ms) are told as one. */
const COALESCE_MS = 100
/** So that nobody between takes the connection for dead (ms). */
const HEARTBEAT_MS = 15_000
/** A stream ends after this (ms), and goes on under a credential that is looked at anew. */
const LONGEST_MS = 15 * 60_000
/** What is told at once: one write for many tenants. */
const PIECE = 50
/** Of all streams together: hundreds may begin at the same moment, as after a restart, and requests have their turn between. */
const pace = new Pace()

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
 * it can be told of is told of as it is in the end. Who was away for too long is told `resync` and everything anew. Gives what is to be
 * sent at once.
 */
export async function* streamOf(
  tenants: Pick<TenantIndex, 'states' | 'has'>,
  changes: Changes,
  { userId: only, endsWithIt = false, position, isForeign = false, signal }: StreamOptions,
): AsyncGenerator<Told[]> {
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
      if (position !== undefined || isForeign) yield [{ event: 'resync' }]
      yield* all()
    }
    while (!signal.aborted && performance.now() < endsAt) {
      if (pending.size === 0) await next(HEARTBEAT_MS)
      if (signal.aborted) return
      if (pending.size === 0) yield [{ event: 'heartbeat' }]
      else {
        await sleep(COALESCE_MS, undefined, { signal }).catch(() => {})
        yield* changed()
      }
      if (endsWithIt && !tenants.has(only!)) return
    }
  } finally {
    stop()
    signal.removeEventListener('abort', onAbort)
  }

  async function* all(): AsyncGenerator<Told[]> {
    const before = changes.position
    let piece = only === undefined ? nextOf('') : [only].filter((userId) => tenants.has(userId))
    while (piece.length > 0) {
      await pace.keep()
      if (signal.aborted) return
      yield piece.map((userId) => ({ event: 'tenant', userId }))
      piece = only === undefined ? nextOf(piece.at(-1)!) : []
    }
    yield [{ event: 'synced', position: before }]
  }

  /** Asked for piece by piece, as a list of all ids for each of hundreds of streams would hold everybody up. */
  function nextOf(after: string): string[] {
    const found: string[] = []
    for (const [userId] of tenants.states(after)) if (found.push(userId) === PIECE) break
    return found
  }

  async function* changed(): AsyncGenerator<Told[]> {
    for (const piece of piecesOf([...pending])) {
      await pace.keep()
      if (signal.aborted) return
      // One that has changed once more comes again.
      for (const [userId, number] of piece) if (pending.get(userId) === number) pending.delete(userId)
      yield piece.map(([userId, number]) => ({
        event: tenants.has(userId) ? 'tenant' : 'deleted',
        userId,
        position: number,
      }))
    }
  }
}

function* piecesOf<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += PIECE) yield all.slice(from, from + PIECE)
}
