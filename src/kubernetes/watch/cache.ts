import { EventEmitter } from 'node:events'
import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node'
import type { FastifyBaseLogger } from 'fastify'
import { sharing } from '../../shared-parts.ts'
import { ignoreNotFound, traceOf } from '../errors.ts'
import type { Answer } from '../http.ts'
import type { RawRequests } from '../raw.ts'
import { Listeners } from './listeners.ts'
import { Reflector } from './reflector.ts'
import { isSelected, type ObjectOf, RESOURCES, type Resource, reduced, type Watched } from './resources.ts'
import { Store } from './store.ts'
import { targetOf } from './target.ts'

/** What of the objects of a resource is kept, beyond what is left out of all. */
export type Keep = { [R in Resource]?: (object: ObjectOf<R>) => ObjectOf<R> }

/** Found by their labels only, as controllers make their names. */
const NAMED_BY_OTHERS = new Set<Resource>(['replicaSets', 'pods'])

/**
 * What the cluster holds of all tenants, kept up to date by watches, and with what this process has written as soon as that is
 * answered. Emits `change` with the namespace in which something is new, another, or gone.
 */
export class WatchCache extends EventEmitter<{ change: [namespace: string] }> {
  readonly #raw: RawRequests
  readonly #stores = new Map<string, Store<KubernetesObject>>()
  readonly #reflectors = new Map<string, Reflector<KubernetesObject>>()
  readonly #stopping = new AbortController()
  readonly #listeners = new Listeners()
  readonly #keep: Keep
  /** The object of each resource that came last. */
  readonly #last = new Map<Resource, KubernetesObject>()

  constructor(raw: RawRequests, log: FastifyBaseLogger, keep: Keep = {}) {
    super()
    this.#raw = raw
    this.#keep = keep
    for (const [name, resource] of Object.entries(RESOURCES) as [Resource, Watched<KubernetesObject>][]) {
      const store = new Store<KubernetesObject>()
      this.#stores.set(name, store)
      const reflector = new Reflector({
        raw,
        resource,
        store,
        reduce: (object) => this.#reduced(name, object),
        onChange: (namespace) => this.#tell(namespace),
        onFailure: (error) => log.warn({ resource: name, ...traceOf(error) }, 'a watch failed and is started again'),
      })
      this.#reflectors.set(name, reflector)
    }
  }

  /** Begins to list and watch; returns at once. */
  start(): void {
    for (const reflector of this.#reflectors.values()) void reflector.run(this.#stopping.signal)
  }

  stop(): void {
    this.#stopping.abort()
  }

  /** Whether every resource has been listed once. Before that an empty answer means nothing. */
  get synced(): boolean {
    return [...this.#reflectors.values()].every(({ synced }) => synced)
  }

  /** Seconds since the API server last said something of each resource; null: not yet. It does so every minute or so. */
  get ages(): Record<string, number | null> {
    return Object.fromEntries(
      [...this.#reflectors].map(([name, { silentMs }]) => [name, silentMs === undefined ? null : silentMs / 1000]),
    )
  }

  get<R extends Resource>(resource: R, name: string, namespace?: string): ObjectOf<R> | undefined {
    return this.#stores.get(resource)!.get(name, namespace) as ObjectOf<R> | undefined
  }

  list<R extends Resource>(resource: R, namespace?: string): readonly ObjectOf<R>[] {
    return this.#stores.get(resource)!.list(namespace) as readonly ObjectOf<R>[]
  }

  /**
   * Reads one resource of a namespace anew: what was known of it may be older than what was known of others. An object that has lost
   * its labels, as by another hand, is found too.
   * @param name of the one object that matters: a read of it waits for nothing, while a list may wait until the API server's own cache
   * has caught up
   * @throws KubernetesError
   */
  async refresh(resource: Resource, namespace: string, name?: string): Promise<void> {
    if (name === undefined || !(await this.#reread(resource, namespace, name))) await this.#relist(resource, namespace)
  }

  /** @returns false if there is none; a list tells as of when */
  async #reread(resource: Resource, namespace: string, name: string): Promise<boolean> {
    const object = await ignoreNotFound(this.#raw.get<KubernetesObject>(`${pathIn(resource, namespace)}/${name}`, {}))
    if (object === undefined) return false
    const store = this.#stores.get(resource)!
    const isKept = resource !== 'namespaces' || isSelected(object, RESOURCES[resource])
    const uid = object.metadata!.uid
    const isNews = isKept ? store.put(this.#reduced(resource, object)) : store.remove({ name, namespace, uid })
    if (isNews) this.#tell(namespace)
    return true
  }

  async #relist(resource: Resource, namespace: string): Promise<void> {
    const { path, selector } = RESOURCES[resource]
    const [where, query] =
      resource === 'namespaces'
        ? [path, { fieldSelector: `metadata.name=${namespace}`, labelSelector: selector! }]
        : [pathIn(resource, namespace), NAMED_BY_OTHERS.has(resource) ? { labelSelector: selector! } : {}]
    const { items, metadata } = await this.#raw.get<KubernetesListObject<KubernetesObject>>(where, query)
    const objects = items.map((item) => this.#reduced(resource, item))
    const isNews = this.#stores.get(resource)!.replaceIn(namespace, objects, Number(metadata!.resourceVersion))
    if (isNews) this.#tell(namespace)
  }

  /** Calls back at each change in one namespace. @returns what ends that */
  watch(namespace: string, onChange: () => void): () => void {
    return this.#listeners.watch(namespace, onChange)
  }

  /** Takes in what the API server has answered to a write of this process: nothing here is older than its own last write. */
  written({ method, path, object }: Answer): void {
    const target = targetOf(path)
    const found = Object.entries(RESOURCES).find(([, { path }]) => path === target?.collection)
    if (target === undefined || found === undefined) return
    const [resource, { kind }] = found
    const store = this.#stores.get(resource)!
    const { name, namespace } = target
    // One that is gone at once is told by its uid alone.
    const uid = object.metadata?.uid ?? object.details?.uid
    const isGone = method === 'DELETE' && object.metadata?.deletionTimestamp === undefined
    if (uid === undefined || (!isGone && object.kind !== kind)) return
    const isNews = isGone
      ? store.delete({ name, namespace, uid })
      : isSelected(object, RESOURCES[resource as Resource])
        ? store.put(this.#reduced(resource as Resource, object))
        : store.remove({ name, namespace, uid })
    if (isNews) this.#tell(namespace)
  }

  /** What is kept of an object, whichever way it came. Those of one resource are much alike. */
  #reduced(resource: Resource, object: KubernetesObject): KubernetesObject {
    const keep = this.#keep[resource] as ((object: KubernetesObject) => KubernetesObject) | undefined
    const rest = reduced(object, RESOURCES[resource])
    const kept = sharing(keep === undefined ? rest : keep(rest), this.#last.get(resource))
    this.#last.set(resource, kept)
    return kept
  }

  #tell(namespace: string): void {
    this.emit('change', namespace)
    this.#listeners.tell(namespace)
  }
}

/** `/apis/apps/v1/namespaces/x/deployments`; a namespace is in none. */
function pathIn(resource: Resource, namespace: string): string {
  const { path } = RESOURCES[resource]
  return resource === 'namespaces' ? path : path.replace(/\/([^/]+)$/, `/namespaces/${namespace}/$1`)
}
