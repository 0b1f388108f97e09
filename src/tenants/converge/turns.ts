/** Who waits for a turn: what callers have asked for goes before what is repaired unasked. */
export type Priority = 'operation' | 'repair'

/** A bounded number of tenants is worked on at one time; the others wait for their turn. */
export class Turns {
  readonly #most: number
  readonly #waiting: Record<Priority, (() => void)[]> = { operation: [], repair: [] }
  #taken = 0

  constructor(most = 32) {
    this.#most = most
  }

  /** Works when it is this one's turn. */
  async take<T>(priority: Priority, work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#most) this.#taken++
    // Whoever ends hands its own turn on.
    else await new Promise<void>((resolve) => this.#waiting[priority].push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.operation.shift() ?? this.#waiting.repair.shift()
      if (next) next()
      else this.#taken--
    }
  }
}
