/** Work that goes on when its request has been answered, and that the stop of this process waits for. */
export class Background {
  readonly #running = new Set<Promise<void>>()

  /** @param work tells of its failures itself */
  run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }
}
