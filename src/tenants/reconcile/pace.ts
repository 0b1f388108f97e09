import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

/** Lets work on thousands of tenants share the event loop with requests. */
export class Pace {
  readonly #workMs: number
  readonly #restMs: number
  readonly #waiting: (() => void)[] = []
  #isRunning = false

  /**
   * @param workMs after so much work there is a rest
   * @param restMs how long it is; 0: the next turn of the event loop is all that is waited for
   */
  constructor(workMs = 10, restMs = 0) {
    this.#workMs = workMs
    this.#restMs = restMs
  }

  /**
   * Resolves when it is this one's turn. Of all that wait only one goes on in one turn of the event loop: were they woken together, each would
   * find that there is time left, and all would take it.
   */
  keep(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    if (!this.#isRunning) void this.#run()
    return promise
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    let worked = 0
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const startedAt = performance.now()
      next()
      // What it does until it waits for something else is done by then.
      await turn()
      worked += performance.now() - startedAt
      if (worked < this.#workMs) continue
      worked = 0
      if (this.#restMs > 0) await sleep(this.#restMs)
    }
    this.#isRunning = false
  }
}
