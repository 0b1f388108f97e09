import { setImmediate as turn } from 'node:timers/promises'

/** Longest time (ms) that one kind of work takes in one turn of the event loop. */
const TURN_MS = 10

/** Lets work on thousands of tenants share the event loop with requests. */
export class Pace {
  #since = 0
  #next: Promise<void> | undefined

  /** Resolves in a turn of the event loop in which there is time left. Many may wait for it at once. */
  async keep(): Promise<void> {
    while (performance.now() - this.#since >= TURN_MS) {
      this.#next ??= turn().then(() => {
        this.#next = undefined
        this.#since = performance.now()
      })
      await this.#next
    }
  }
}
