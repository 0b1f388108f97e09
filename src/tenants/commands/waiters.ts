/** Requests that are held until their operation ends. Each costs memory, a socket and reads, so there is a most. */
export class Waiters {
  readonly #most: number
  #count = 0

  constructor(most = 500) {
    this.#most = most
  }

  /** Runs `wait`, or answers undefined at once if as many wait already. */
  async admit<T>(wait: () => Promise<T>): Promise<T | undefined> {
    if (this.#count >= this.#most) return undefined
    this.#count += 1
    try {
      return await wait()
    } finally {
      this.#count -= 1
    }
  }
}
