import { setImmediate as turn } from 'node:timers/promises'
import type { KubernetesObject } from '@kubernetes/client-node'
import { KubernetesError } from '../errors.ts'
import type { RawRequests } from '../raw.ts'
import { pauseOf } from './backoff.ts'
import { linesOf } from './lines.ts'
import { isSelected, type Watched } from './resources.ts'
import { type Store, scopeOf } from './store.ts'

/** Objects of a page of the list: one page is parsed in a few milliseconds. */
const PAGE = 200
/** A watch is ended by the server after this long, at least, and at most twice as long (s). */
const WATCH_SECONDS = 300
/** A watch that has ended sooner (ms), and told nothing, is not started again at once. */
const LEAST_MS = 1000
/** So many changes are told in one turn of the event loop. */
const TOLD_AT_ONCE = 50

type Event = { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'; object: KubernetesObject }
type Page = { items: KubernetesObject[]; metadata: { resourceVersion: string; continue?: string } }

export type ReflectorDeps<T extends KubernetesObject> = {
  raw: RawRequests
  resource: Watched<T>
  store: Store<T>
  /** What is kept of an object. */
  reduce: (object: T) => T
  /** Told of each namespace in which an object is new, another, or gone. */
  onChange: (namespace: string) => void
  onFailure: (error: unknown) => void
}

/**
 * Keeps a store up to date: lists a resource once, then watches it. A watch that ends goes on from the last version that it told;
 * only if the server has forgotten that one is everything listed again. No failure ends it.
 */
export class Reflector<T extends KubernetesObject> {
  readonly #deps: ReflectorDeps<T>
  /** What is known is all of this version; undefined: nothing yet, or it must be listed again. */
  #version: string | undefined
  /** The version of the last list. */
  #listed = 0
  #heardAt: number | undefined

  constructor(deps: ReflectorDeps<T>) {
    this.#deps = deps
  }

  /** Whether the whole resource has been listed once. */
  get synced(): boolean {
    return this.#listed > 0
  }

  /** Milliseconds since the server last said something, be it that nothing has changed; undefined: never yet. */
  get silentMs(): number | undefined {
    return this.#heardAt === undefined ? undefined : Date.now() - this.#heardAt
  }

  /** Returns once the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (this.#version === undefined) await this.#list()
        await this.#watch(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        const isExpired = error instanceof KubernetesError && error.status === 410
        if (isExpired) this.#version = undefined
        this.#deps.onFailure(error)
        await pauseOf(isExpired ? 0 : failures++, signal)
      }
    }
  }

  async #list(): Promise<void> {
    const { raw, resource, store, reduce, onChange } = this.#deps
    const objects: T[] = []
    let page: Page | undefined
    do {
      const next: Record<string, string> = page?.metadata.continue ? { continue: page.metadata.continue } : {}
      page = await raw.get<Page>(resource.path, { ...selectionOf(resource), limit: String(PAGE), ...next })
      for (const item of page.items) if (isSelected(item, resource)) objects.push(reduce(item as T))
    } while (page.metadata.continue)
    const { resourceVersion } = page.metadata
    const isReset = Number(resourceVersion) < this.#listed
    const before = isReset ? store.list().map(scopeOf) : []
    if (isReset) store.clear()
    const changed = [...new Set([...before, ...store.replace(objects, Number(resourceVersion))])]
    this.#version = resourceVersion
    this.#listed = Number(resourceVersion)
    this.#heardAt = Date.now()
    for (const [index, namespace] of changed.entries()) {
      onChange(namespace)
      if (index % TOLD_AT_ONCE === TOLD_AT_ONCE - 1) await turn()
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { raw, resource } = this.#deps
    const startedAt = performance.now()
    let events = 0
    const body = await raw.stream(
      resource.path,
      {
        watch: '1',
        allowWatchBookmarks: 'true',
        ...selectionOf(resource),
        resourceVersion: this.#version!,
        timeoutSeconds: String(Math.round(WATCH_SECONDS * (1 + Math.random()))),
      },
      signal,
    )
    this.#heardAt = Date.now()
    for await (const line of linesOf(body)) {
      this.#take(JSON.parse(line))
      events++
    }
    if (events === 0 && performance.now() - startedAt < LEAST_MS) {
      throw new KubernetesError(0, 'Unreachable', 'the API server ended the watch at once')
    }
  }

  #take({ type, object }: Event): void {
    const { resource, store, reduce, onChange } = this.#deps
    this.#heardAt = Date.now()
    if (type === 'ERROR') {
      const { code, reason } = object as { code?: number; reason?: string }
      throw new KubernetesError(code ?? 0, reason ?? 'Unknown', 'the API server ended the watch')
    }
    this.#version = object.metadata!.resourceVersion!
    if (type === 'BOOKMARK') return
    const isGone = type === 'DELETED' || !isSelected(object, resource)
    const isNews = isGone ? store.gone(object as T) : store.put(reduce(object as T))
    if (isNews) onChange(scopeOf(object))
  }
}

function selectionOf({ selector }: { selector: string | undefined }): Record<string, string> {
  return selector === undefined ? {} : { labelSelector: selector }
}
