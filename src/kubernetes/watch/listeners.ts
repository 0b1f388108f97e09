/** Who wants to hear of changes in a namespace: each of thousands of requests of its own, and of no other. */
export class Listeners {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Calls back at each change in one namespace. @returns what ends that */
  watch(namespace: string, onChange: () => void): () => void {
    const waiting = this.#waiting.get(namespace) ?? new Set()
    this.#waiting.set(namespace, waiting.add(onChange))
    return () => {
      waiting.delete(onChange)
      if (waiting.size === 0 && this.#waiting.get(namespace) === waiting) this.#waiting.delete(namespace)
    }
  }

  tell(namespace: string): void {
    for (const listener of [...(this.#waiting.get(namespace) ?? [])]) listener()
  }

  /** Namespaces that somebody listens to. */
  get size(): number {
    return this.#waiting.size
  }
}
