import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

/** Lets work on thousands of tenants share the event loop with requests. */
export class Pace {
  readonly #workMs: number
  readonly #restMs: number
  #since = 0
  #next: Promise<void> | undefined

  /**
   * @param workMs longest time that the work takes in one turn of the event loop
   * @param restMs how long nothing is done then; 0: until the next turn
   */
  constructor(workMs = 10, restMs = 0) {
    this.#workMs = workMs
    this.#restMs = restMs
  }

  /** Resolves in a turn of the event loop in which there is time left. Many may wait for it at once. */
  async keep(): Promise<void> {
    while (performance.now() - this.#since >= this.#workMs) {
      this.#next ??= this.#rest().then(() => {
        this.#next = undefined
        this.#since = performance.now()
      })
      await this.#next
    }
  }

  #rest(): Promise<void> {
    return this.#restMs > 0 ? sleep(this.#restMs) : turn()
  }
}
