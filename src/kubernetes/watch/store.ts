import type { KubernetesObject } from '@kubernetes/client-node'

/**
 * The objects of one resource as they are known, the newest version of each. Versions of one object come by watch, by list and as
 * answers to this service's own writes, in any order.
 */
export class Store<T extends KubernetesObject> {
  readonly #objects = new Map<string, Map<string, T>>()
  /** Uids of objects that this service has deleted, of which older versions may still come. */
  readonly #deleted = new Set<string>()

  get(name: string, namespace = name): T | undefined {
    return this.#objects.get(namespace)?.get(name)
  }

  /** @param namespace absent: of all of them */
  list(namespace?: string): readonly T[] {
    if (namespace !== undefined) return [...(this.#objects.get(namespace)?.values() ?? [])]
    return [...this.#objects.values()].flatMap((objects) => [...objects.values()])
  }

  /** @returns whether it is news */
  put(object: T): boolean {
    const { name, uid } = object.metadata as { name: string; uid: string }
    const namespace = scopeOf(object)
    const known = this.get(name, namespace)
    if (this.#deleted.has(uid) || (known && versionOf(known) >= versionOf(object))) return false
    const objects = this.#objects.get(namespace) ?? new Map<string, T>()
    this.#objects.set(namespace, objects.set(name, object))
    return true
  }

  /** Takes away an object that is gone, but not another one that has its name by now. @returns whether it is news */
  remove({ name, namespace = name, uid }: { name: string; namespace?: string; uid: string | undefined }): boolean {
    const objects = this.#objects.get(namespace)
    if (objects === undefined || objects.get(name)?.metadata?.uid !== uid) return false
    objects.delete(name)
    if (objects.size === 0) this.#objects.delete(namespace)
    return true
  }

  /** Takes away what this service has deleted, until the watch tells that it is gone. @returns whether it is news */
  delete(object: { name: string; namespace?: string; uid: string }): boolean {
    this.#deleted.add(object.uid)
    return this.remove(object)
  }

  /** The watch tells that an object is gone. @returns whether it is news */
  gone(object: T): boolean {
    const { name, uid } = object.metadata as { name: string; uid: string }
    this.#deleted.delete(uid)
    return this.remove({ name, namespace: scopeOf(object), uid })
  }

  /**
   * Takes a whole list in place of what was known, in one step. What was written or deleted here since the list was made stays.
   * @param version of the list
   * @returns the namespaces in which something is new
   */
  replace(objects: readonly T[], version: number): string[] {
    const uids = new Set(objects.map(({ metadata }) => metadata!.uid))
    for (const uid of this.#deleted) if (!uids.has(uid)) this.#deleted.delete(uid)
    const listed = new Map<string, T[]>([...this.#objects.keys()].map((namespace) => [namespace, []]))
    for (const object of objects) {
      const scope = scopeOf(object)
      listed.set(scope, [...(listed.get(scope) ?? []), object])
    }
    return [...listed].filter(([scope, some]) => this.replaceIn(scope, some, version)).map(([scope]) => scope)
  }

  /** The same for one namespace. @returns whether something is new */
  replaceIn(namespace: string, objects: readonly T[], version: number): boolean {
    const names = new Set(objects.map(({ metadata }) => metadata!.name!))
    const gone = this.list(namespace).filter((one) => !names.has(one.metadata!.name!) && versionOf(one) <= version)
    for (const { metadata } of gone) this.remove({ name: metadata!.name!, namespace, uid: metadata!.uid })
    const isNew = objects.map((object) => this.put(object)).includes(true)
    return isNew || gone.length > 0
  }

  /** Forgets everything, as when versions have begun anew in a cluster that was restored. */
  clear(): void {
    this.#objects.clear()
    this.#deleted.clear()
  }
}

/** Where an object is kept: its namespace, or, for one that is in none, its own name. */
export function scopeOf({ metadata }: KubernetesObject): string {
  return metadata!.namespace ?? metadata!.name!
}

/** Versions are revisions of one database: of two, the larger is the newer. */
export function versionOf({ metadata }: KubernetesObject): number {
  return Number(metadata!.resourceVersion)
}
