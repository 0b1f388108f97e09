import { EventEmitter } from 'node:events'
import type { KubernetesObject, V1Namespace } from '@kubernetes/client-node'
import type { ClusterCache } from '../../src/kubernetes/cache.ts'
import type { Apis } from '../../src/kubernetes/connection.ts'
import { KubernetesError } from '../../src/kubernetes/errors.ts'

type Params = { name?: string; namespace?: string; labelSelector?: string; body?: KubernetesObject }

/** The typed calls: what is done to which kind. */
const CALL = /^(read|list|create|replace|patch|delete)(?:Namespaced)?(.+)$/
const WATCHED: Record<string, string> = {
  namespaces: 'Namespace',
  deployments: 'Deployment',
  replicaSets: 'ReplicaSet',
  pods: 'Pod',
  claims: 'PersistentVolumeClaim',
  services: 'Service',
  quotas: 'ResourceQuota',
  networkPolicies: 'NetworkPolicy',
  roleBindings: 'RoleBinding',
}

/** Stands in for an API server without controllers: objects in memory, under the rules for names and resourceVersions. */
export class FakeCluster {
  readonly #objects = new Map<string, KubernetesObject>()
  #version = 0
  /** Thrown by every call from now on. */
  failure: Error | undefined
  /** The next change of a namespace is made, but its answer is lost: the repetition of the call meets its own change. */
  losesNextAnswer = false

  get apis(): Apis {
    const api = new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          async (params: Params = {}) =>
            this.#call(method, params),
      },
    )
    const group = new Proxy({}, { get: () => api })
    return group as Apis
  }

  /** The same objects as the watches would know them. */
  get cache(): ClusterCache {
    const get = (resource: string, name: string, namespace?: string) =>
      this.#objects.get(keyOf(WATCHED[resource]!, name, namespace))
    const list = (resource: string, namespace?: string) => this.#list(WATCHED[resource]!, { namespace } as Params)
    return Object.assign(new EventEmitter(), { get, list, synced: true }) as unknown as ClusterCache
  }

  /** Forgets everything. */
  clear(): void {
    this.#objects.clear()
    this.failure = undefined
    this.losesNextAnswer = false
  }

  put(object: KubernetesObject): void {
    const { name, namespace } = object.metadata as { name: string; namespace?: string }
    const resourceVersion = String(++this.#version)
    const stored = { ...object, metadata: { uid: `uid-${resourceVersion}`, ...object.metadata, resourceVersion } }
    this.#objects.set(keyOf(object.kind!, name, namespace), stored)
  }

  #call(method: string, params: Params): unknown {
    if (this.failure) throw this.failure
    const [, verb, kind] = CALL.exec(method) ?? []
    if (verb === 'list') return { items: this.#list(kind!, params) }
    const name = params.name ?? params.body!.metadata!.name!
    const key = keyOf(kind!, name, params.namespace)
    const live = this.#objects.get(key)
    if (verb === 'create' && live) throw new KubernetesError(409, 'AlreadyExists', `${key} already exists`)
    if (verb !== 'create' && !live) throw new KubernetesError(404, 'NotFound', `${key} not found`)
    if (verb === 'delete') this.#objects.delete(key)
    if (verb === 'read' || verb === 'delete') return structuredClone(live)
    const expected = params.body!.metadata?.resourceVersion
    if (live && expected !== undefined && expected !== live.metadata!.resourceVersion) {
      throw new KubernetesError(409, 'Conflict', `${key} has changed`)
    }
    this.put(verb === 'patch' ? patched(live!, params.body as V1Namespace) : { kind: kind!, ...params.body! })
    if (verb === 'patch' && this.losesNextAnswer) {
      this.losesNextAnswer = false
      throw new KubernetesError(409, 'Conflict', `${key} has changed`)
    }
    return structuredClone(this.#objects.get(key))
  }

  #list(kind: string, { namespace, labelSelector }: Params): KubernetesObject[] {
    const [label = '', value] = labelSelector?.split('=') ?? []
    return [...this.#objects.entries()]
      .filter(([key]) => key.startsWith(keyOf(kind, '', namespace)) || (!namespace && key.startsWith(`${kind}/`)))
      .map(([, object]) => object)
      .filter(({ metadata }) => value === undefined || metadata?.labels?.[label] === value)
  }
}

function patched(live: KubernetesObject, { metadata }: V1Namespace): KubernetesObject {
  const annotations = { ...live.metadata?.annotations, ...metadata?.annotations }
  return { ...live, metadata: { ...live.metadata, annotations } }
}

const keyOf = (kind: string, name: string, namespace = '') => `${kind}/${namespace}/${name}`
