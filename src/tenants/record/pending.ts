import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationRecord } from './history.ts'

/** How long an operation that runs is not written anew (ms). */
const RUNNING_MS = 3000

/** Records that wait to be written, by tenant: one that has ended waits for nothing, one that runs for a few seconds. */
export class Pending {
  readonly #write: (userId: string) => Promise<void>
  readonly #records = new Map<string, Map<string, OperationRecord>>()
  readonly #writing = new Map<string, { ends: AbortController; done: Promise<void> }>()
  #isFlushed = false

  /** @param write writes what waits for a tenant, and says by `done` or `drop` what became of it */
  constructor(write: (userId: string) => Promise<void>) {
    this.#write = write
  }

  put(userId: string, records: readonly OperationRecord[]): void {
    if (records.length === 0) return
    const waiting = this.#records.get(userId) ?? new Map<string, OperationRecord>()
    for (const record of records) waiting.set(record.id, record)
    this.#records.set(userId, waiting)
    const writing = this.#writing.get(userId)
    if (writing === undefined) this.#begin(userId)
    else if (!this.#isWaiting(userId)) writing.ends.abort()
  }

  of(userId: string): OperationRecord[] {
    return [...(this.#records.get(userId)?.values() ?? [])]
  }

  /** These are written; what has come since, waits on. */
  done(userId: string, written: readonly OperationRecord[]): void {
    const waiting = this.#records.get(userId)
    for (const record of written) if (waiting?.get(record.id) === record) waiting.delete(record.id)
    if (waiting?.size === 0) this.#records.delete(userId)
  }

  drop(userId: string): void {
    this.#records.delete(userId)
  }

  /** Lets nothing wait any more. Returns once all is written. */
  async flush(): Promise<void> {
    this.#isFlushed = true
    const writing = [...this.#writing.values()]
    for (const { ends } of writing) ends.abort()
    await Promise.allSettled(writing.map(({ done }) => done))
  }

  #begin(userId: string): void {
    const ends = new AbortController()
    const writing = { ends, done: Promise.resolve() }
    this.#writing.set(userId, writing)
    writing.done = this.#run(userId, writing).finally(() => this.#writing.delete(userId))
  }

  async #run(userId: string, writing: { ends: AbortController }): Promise<void> {
    while (this.#records.has(userId)) {
      if (this.#isWaiting(userId)) {
        await sleep(RUNNING_MS, undefined, { signal: writing.ends.signal, ref: false }).catch(() => {})
      }
      // The next wait is one of its own.
      writing.ends = new AbortController()
      await this.#write(userId)
    }
  }

  /** Whether all that waits still runs. */
  #isWaiting(userId: string): boolean {
    return !this.#isFlushed && this.of(userId).every(({ state }) => state === 'running')
  }
}
