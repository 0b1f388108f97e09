const FIRST_MS = 1000
/** An operation has a deadline, and somebody who waits for it. */
const LONGEST_MS = { operation: 30_000, repair: 5 * 60_000 }

type Rest = { times: number; until: number; operationId: string | undefined }

/** Tenants that nothing is done about for a while, each time for twice as long. A new operation ends that. */
export class Rests {
  readonly #rests = new Map<string, Rest>()

  /** @returns how long (ms) */
  begin(userId: string, operationId: string | undefined, work: keyof typeof LONGEST_MS): number {
    const before = this.#rests.get(userId)
    const times = before?.operationId === operationId ? (before?.times ?? 0) : 0
    const ms = Math.min(FIRST_MS * 2 ** times, LONGEST_MS[work])
    this.#rests.set(userId, { times: times + 1, until: performance.now() + ms, operationId })
    return ms
  }

  /** How long (ms) it still rests; 0 if it does not. */
  left(userId: string, operationId: string | undefined): number {
    const rest = this.#rests.get(userId)
    if (rest === undefined || rest.operationId !== operationId) return 0
    return Math.max(0, rest.until - performance.now())
  }

  end(userId: string): void {
    this.#rests.delete(userId)
  }

  clear(): void {
    this.#rests.clear()
  }
}
