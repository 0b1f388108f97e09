/** What comes first: what callers have asked for, then what is mended unasked, then the slow look at everything. */
export const PRIORITIES = ['operation', 'repair', 'resync'] as const
export type Priority = (typeof PRIORITIES)[number]

type Delayed = { timer: NodeJS.Timeout; at: number }

/**
 * Keys of tenants that are to be worked on. Each is in it once, and with one worker at a time: one that is added while it is worked on
 * comes again afterwards.
 */
export class WorkQueue {
  /** Since when (ms) each key waits, in the order of its arrival. */
  readonly #waiting: Record<Priority, Map<string, number>> = {
    operation: new Map(),
    repair: new Map(),
    resync: new Map(),
  }
  readonly #taken = new Set<string>()
  /** Keys that were added while they were worked on. */
  readonly #again = new Map<string, Priority>()
  readonly #delayed = new Map<string, Delayed>()
  readonly #onReady: () => void

  /** @param onReady told that a key can be taken */
  constructor(onReady: () => void) {
    this.#onReady = onReady
  }

  add(key: string, priority: Priority): void {
    this.#undelay(key)
    if (this.#taken.has(key)) {
      this.#again.set(key, higher(priority, this.#again.get(key)))
      return
    }
    const before = PRIORITIES.find((one) => this.#waiting[one].has(key))
    if (before !== undefined && higher(before, priority) === before) return
    const since = before === undefined ? performance.now() : this.#waiting[before].get(key)!
    if (before !== undefined) this.#waiting[before].delete(key)
    this.#waiting[priority].set(key, since)
    this.#onReady()
  }

  /** Adds it so much later (ms), unless it comes sooner for another reason. */
  addAfter(key: string, priority: Priority, ms: number): void {
    const isComing = this.#again.has(key) || PRIORITIES.some((one) => this.#waiting[one].has(key))
    const at = performance.now() + ms
    const earlier = this.#delayed.get(key)
    if (isComing || (earlier !== undefined && earlier.at <= at)) return
    this.#undelay(key)
    const timer = setTimeout(() => this.add(key, priority), ms).unref()
    this.#delayed.set(key, { timer, at })
  }

  /** The next key, which is the taker's until it calls done(). */
  take(): string | undefined {
    for (const priority of PRIORITIES) {
      const [key] = this.#waiting[priority].keys()
      if (key === undefined) continue
      this.#waiting[priority].delete(key)
      this.#taken.add(key)
      return key
    }
    return undefined
  }

  done(key: string): void {
    this.#taken.delete(key)
    const priority = this.#again.get(key)
    this.#again.delete(key)
    if (priority !== undefined) this.add(key, priority)
  }

  /** Forgets all that waits. */
  clear(): void {
    for (const key of [...this.#delayed.keys()]) this.#undelay(key)
    for (const priority of PRIORITIES) this.#waiting[priority].clear()
    this.#again.clear()
  }

  /** How many keys wait for a worker. */
  depth(priority: Priority): number {
    return this.#waiting[priority].size
  }

  /** How long (ms) the oldest of them has waited. */
  age(priority: Priority): number {
    let oldest = performance.now()
    for (const since of this.#waiting[priority].values()) oldest = Math.min(oldest, since)
    return performance.now() - oldest
  }

  #undelay(key: string): void {
    clearTimeout(this.#delayed.get(key)?.timer)
    this.#delayed.delete(key)
  }
}

function higher(one: Priority, other: Priority | undefined): Priority {
  return other === undefined || PRIORITIES.indexOf(one) <= PRIORITIES.indexOf(other) ? one : other
}
