import { namesFor, userIdOf } from '../../manifests/names.ts'
import { isOurs, specOf } from '../record/repository.ts'
import { type Spec, UnreadableSpecError } from '../record/spec.ts'
import { observeCached, type TenantCache } from './cached.ts'
import type { Observed } from './observed.ts'
import { NO_SIZES, plus, type Sizes, sizesOf } from './sizes.ts'
import { type State, stateOf } from './state.ts'

/** A tenant as the watches know it. */
export type Known = { userId: string; spec: Spec; observed: Observed; state: State }

type Summed = { state: State; sizes: Sizes }

/** Told of a namespace of ours whose record cannot be read, and where in it. Such a tenant is left out everywhere. */
export type OnUnreadable = (userId: string, at: string) => void

/** All tenants by user id, with their states and sizes, kept up to date with every change, so that no list and no sum walks through objects. */
export class TenantIndex {
  readonly #cache: TenantCache
  readonly #onUnreadable: OnUnreadable
  readonly #summed = new Map<string, Summed>()
  readonly #counts = new Map<State, number>()
  #sizes = NO_SIZES
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

  /** Of all tenants together. */
  get sizes(): Sizes {
    return this.#sizes
  }

  /** Whether there is such a tenant, for those who need not know more. */
  has(userId: string): boolean {
    return this.#summed.has(userId)
  }

  /** Undefined: there is no such tenant, or its record cannot be read. */
  get(userId: string): Known | undefined {
    const state = this.#summed.get(userId)?.state
    const observed = state && observeCached(this.#cache, userId)
    return observed && { userId, spec: specOf(observed.namespace), observed, state }
  }

  /** What is recorded of a tenant that is there. */
  specOf(userId: string): Spec | undefined {
    const namespace = this.#summed.has(userId) && this.#cache.get('namespaces', namesFor(userId).namespace)
    return namespace ? specOf(namespace) : undefined
  }

  /** The state of each tenant, by user id. @param after only those behind this one */
  *states(after = ''): Generator<[userId: string, state: State]> {
    for (let at = this.#placeOf(after, true); at < this.#ids.length; at++) {
      const userId = this.#ids[at]!
      yield [userId, this.#summed.get(userId)!.state]
    }
  }

  #look(userId: string | undefined): void {
    if (userId === undefined) return
    const before = this.#summed.get(userId)
    const now = this.#summedOf(userId)
    if (before !== undefined) this.#add(before, -1)
    if (now !== undefined) this.#add(now, 1)
    if (before === undefined && now !== undefined) this.#ids.splice(this.#placeOf(userId, false), 0, userId)
    if (before !== undefined && now === undefined) this.#ids.splice(this.#placeOf(userId, false), 1)
    if (now === undefined) this.#summed.delete(userId)
    else this.#summed.set(userId, now)
  }

  #add({ state, sizes }: Summed, sign: 1 | -1): void {
    this.#counts.set(state, this.count(state) + sign)
    this.#sizes = plus(this.#sizes, sizes, sign)
  }

  #summedOf(userId: string): Summed | undefined {
    const observed = observeCached(this.#cache, userId)
    if (observed === undefined || !isOurs(observed.namespace, userId)) return undefined
    try {
      const spec = specOf(observed.namespace)
      return { state: stateOf(spec, observed), sizes: sizesOf(spec, observed) }
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
