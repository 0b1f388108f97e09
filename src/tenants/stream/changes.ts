import { userIdOf } from '../../manifests/names.ts'
import type { TenantCache } from '../observe/cached.ts'

/** So many tenants' changes are remembered; who was away for more has to begin anew. */
const MOST = 20_000

/** Told that a tenant has changed, and as which change of all. */
export type Listener = (userId: string, number: number) => void

/** The changes of all tenants, numbered, of each tenant its newest only: a position in them is the number of the last one that was seen. */
export class Changes {
  readonly #listeners = new Set<Listener>()
  /** The number of each tenant's newest change, the oldest first. */
  readonly #newest = new Map<string, number>()
  #number = 0
  /** Changes up to this one may have been forgotten. */
  #forgotten = 0

  constructor(cache: Pick<TenantCache, 'on'>) {
    cache.on('change', (namespace) => this.#note(userIdOf(namespace)))
  }

  get position(): number {
    return this.#number
  }

  /** @returns tenants that have changed since a position, the oldest change first; undefined: it is too old, or none of ours */
  since(position: number): Map<string, number> | undefined {
    if (position < this.#forgotten || position > this.#number) return undefined
    return new Map([...this.#newest].filter(([, number]) => number > position))
  }

  /** @returns what ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #note(userId: string | undefined): void {
    if (userId === undefined) return
    this.#number++
    this.#newest.delete(userId)
    this.#newest.set(userId, this.#number)
    if (this.#newest.size > MOST) {
      const [oldest, number] = this.#newest.entries().next().value!
      this.#newest.delete(oldest)
      this.#forgotten = number
    }
    for (const listener of this.#listeners) listener(userId, this.#number)
  }
}
