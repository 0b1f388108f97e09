import { namesFor, userIdOf } from '../../manifests/names.ts'
import { isOurs, specOf } from '../record/repository.ts'
import { type Spec, UnreadableSpecError } from '../record/spec.ts'
import { observeCached, type TenantCache } from './cached.ts'
import type { Observed } from './observed.ts'
import { type State, stateOf } from './state.ts'

/** A tenant as the watches know it. */
export type Known = { userId: string; spec: Spec; observed: Observed; state: State }

/** Told of a namespace of ours whose record cannot be read, and where in it. Such a tenant is left out everywhere. */
export type OnUnreadable = (userId: string, at: string) => void

/** All tenants by user id, with their states, kept up to date with every change, so that no list and no sum walks through objects. */
export class TenantIndex {
  readonly #cache: TenantCache
  readonly #onUnreadable: OnUnreadable
  readonly #states = new Map<string, State>()
  readonly #counts = new Map<State, number>()
  #ids: string[] = []

  constructor(cache: TenantCache, onUnreadable: OnUnreadable = () => {}) {
    this.#cache = cache
    this.#onUnreadable = onUnreadable
    cache.on('change', (namespace) => this.#look(userIdOf(namespace)))
    for (const { metadata } of cache.list('namespaces')) this.#look(userIdOf(metadata!.name!))
  }

  get size(): number {
    return this.#ids.length
  }

  count(state: State): number {
    return this.#counts.get(state) ?? 0
  }

  /** Undefined: there is no such tenant, or its record cannot be read. */
  get(userId: string): Known | undefined {
    const state = this.#states.get(userId)
    const observed = state && observeCached(this.#cache, userId)
    return observed && { userId, spec: specOf(observed.namespace), observed, state }
  }

  /** What is recorded of a tenant that is there. */
  specOf(userId: string): Spec | undefined {
    const namespace = this.#states.has(userId) && this.#cache.get('namespaces', namesFor(userId).namespace)
    return namespace ? specOf(namespace) : undefined
  }

  /** The state of each tenant, by user id. @param after only those behind this one */
  *states(after = ''): Generator<[userId: string, state: State]> {
    for (let at = this.#placeOf(after, true); at < this.#ids.length; at++) {
      const userId = this.#ids[at]!
      yield [userId, this.#states.get(userId)!]
    }
  }

  #look(userId: string | undefined): void {
    if (userId === undefined) return
    const before = this.#states.get(userId)
    const now = this.#stateOf(userId)
    if (before === now) return
    if (before !== undefined) this.#counts.set(before, this.count(before) - 1)
    if (now !== undefined) this.#counts.set(now, this.count(now) + 1)
    if (before === undefined) this.#ids.splice(this.#placeOf(userId, false), 0, userId)
    if (now === undefined) this.#ids.splice(this.#placeOf(userId, false), 1)
    if (now === undefined) this.#states.delete(userId)
    else this.#states.set(userId, now)
  }

  #stateOf(userId: string): State | undefined {
    const observed = observeCached(this.#cache, userId)
    if (observed === undefined || !isOurs(observed.namespace, userId)) return undefined
    try {
      return stateOf(specOf(observed.namespace), observed)
    } catch (error) {
      if (!(error instanceof UnreadableSpecError)) throw error
      this.#onUnreadable(userId, error.at)
      return undefined
    }
  }

  /** The first place whose id is not before this one, or is behind it. */
  #placeOf(userId: string, isBehind: boolean): number {
    let [low, high] = [0, this.#ids.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const id = this.#ids[middle]!
      if (id < userId || (isBehind && id === userId)) low = middle + 1
      else high = middle
    }
    return low
  }
}
