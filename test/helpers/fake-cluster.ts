import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import type { KubernetesObject, V1Node } from '@kubernetes/client-node'
import type { Apis } from '../../src/kubernetes/connection.ts'
import { KubernetesError } from '../../src/kubernetes/errors.ts'
import type { RawRequests } from '../../src/kubernetes/raw.ts'
import type { TenantCache } from '../../src/tenants/observe/cached.ts'
import { TenantIndex } from '../../src/tenants/observe/tenant-index.ts'

type Params = {
  name?: string
  namespace?: string
  labelSelector?: string
  body?: KubernetesObject & Options
  force?: boolean
  dryRun?: 'All'
}
/** Of a deletion. */
type Options = { preconditions?: { uid?: string; resourceVersion?: string } }

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
  ingresses: 'Ingress',
  roleBindings: 'RoleBinding',
}

/**
 * Stands in for an API server without controllers: objects in memory, under the rules for names, resourceVersions and the
 * preconditions of deletions, and the limit of annotations, with one large node. Every patch is a merge patch; one with `force` is an apply, which makes
 * what is not there. A dry run passes.
 */
export class FakeCluster {
  readonly #objects = new Map<string, KubernetesObject>()
  #version = 0
  /** Thrown by every call from now on. */
  failure: Error | undefined
  /** No call is answered before this is resolved. */
  held: Promise<void> | undefined
  /** Thrown by a call for which it answers an error. */
  fails: (verb: string, kind: string) => Error | undefined = () => undefined
  /** The next change of a namespace is made, but its answer is lost: the repetition of the call meets its own change. */
  losesNextAnswer = false

  /** What pods have written, by name; one that is not here has no log. */
  readonly logs = new Map<string, string>()

  /** Of requests without types only logs. */
  get raw(): RawRequests {
    return {
      get: () => Promise.reject(new Error('nothing is read without types')),
      stream: async (path) => {
        if (this.failure) throw this.failure
        const log = this.logs.get(path.split('/').at(-2)!)
        if (log === undefined) throw new KubernetesError(400, 'BadRequest', 'the container waits to start')
        return Readable.from([Buffer.from(log)])
      },
    }
  }

  get apis(): Apis {
    const api = new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          async (params: Params = {}) => {
            await this.held
            return this.#call(method, params)
          },
      },
    )
    const group = new Proxy({}, { get: () => api })
    return group as Apis
  }

  /** The same objects as the watches would know them. */
  readonly cache: TenantCache
  readonly tenants: TenantIndex
  readonly #changes = new EventEmitter()

  constructor() {
    const get = (resource: string, name: string, namespace?: string) =>
      this.#objects.get(keyOf(WATCHED[resource]!, name, namespace))
    const list = (resource: string, namespace?: string) => this.#list(WATCHED[resource]!, { namespace } as Params)
    const watch = (namespace: string, onChange: () => void) => {
      this.#changes.on(`in:${namespace}`, onChange)
      return () => this.#changes.off(`in:${namespace}`, onChange)
    }
    const refresh = async (resource: string) => void this.#call(`list${WATCHED[resource]}`, {})
    this.#changes.setMaxListeners(0)
    this.cache = Object.assign(this.#changes, {
      get,
      list,
      watch,
      refresh,
      synced: true,
      ages: {},
    }) as unknown as TenantCache
    this.tenants = new TenantIndex(this.cache)
    this.put(NODE)
  }

  #tell({ namespace, name }: { namespace?: string; name?: string }): void {
    this.#changes.emit('change', namespace ?? name)
    this.#changes.emit(`in:${namespace ?? name}`)
  }

  /** Forgets everything but the node. */
  clear(): void {
    const namespaces = this.#list('Namespace', {})
    this.#objects.clear()
    this.logs.clear()
    for (const { metadata } of namespaces) this.#tell(metadata!)
    this.put(NODE)
    this.failure = undefined
    this.held = undefined
    this.fails = () => undefined
    this.losesNextAnswer = false
  }

  get(kind: string, name: string, namespace?: string): KubernetesObject | undefined {
    return this.#objects.get(keyOf(kind, name, namespace))
  }

  put(object: KubernetesObject): void {
    const { name, namespace } = object.metadata as { name: string; namespace?: string }
    const resourceVersion = String(++this.#version)
    const stored = { ...object, metadata: { uid: `uid-${resourceVersion}`, ...object.metadata, resourceVersion } }
    this.#objects.set(keyOf(object.kind!, name, namespace), stored)
    this.#tell(stored.metadata)
  }

  #call(method: string, params: Params): unknown {
    if (this.failure) throw this.failure
    const [, verb = '', kind = ''] = CALL.exec(method) ?? []
    const failure = this.fails(verb, kind)
    if (failure) throw failure
    if (params.dryRun) return structuredClone(params.body)
    if (verb === 'list') return { items: this.#list(kind, params) }
    const name = params.name ?? params.body!.metadata!.name!
    const key = keyOf(kind, name, params.namespace)
    const live = this.#objects.get(key)
    if (verb === 'create' && live) throw new KubernetesError(409, 'AlreadyExists', `${key} already exists`)
    if (verb !== 'create' && !live && !params.force) throw new KubernetesError(404, 'NotFound', `${key} not found`)
    const { uid, resourceVersion } = params.body?.preconditions ?? params.body?.metadata ?? {}
    const isOther = (expected: string | undefined, found: string | undefined) =>
      live !== undefined && expected !== undefined && expected !== found
    if (isOther(uid, live?.metadata?.uid) || isOther(resourceVersion, live?.metadata?.resourceVersion)) {
      throw new KubernetesError(409, 'Conflict', `${key} has changed`)
    }
    if (verb === 'delete') this.#delete(kind, name, key)
    if (verb === 'read' || verb === 'delete') return structuredClone(live)
    const written = verb === 'patch' ? merged({ kind, ...live }, params.body) : { kind, ...params.body! }
    refuseLarge(written as KubernetesObject)
    this.put(written as KubernetesObject)
    if (verb === 'patch' && this.losesNextAnswer) {
      this.losesNextAnswer = false
      throw new KubernetesError(409, 'Conflict', `${key} has changed`)
    }
    return structuredClone(this.#objects.get(key))
  }

  /** With a namespace goes what is in it. */
  #delete(kind: string, name: string, key: string): void {
    this.#objects.delete(key)
    if (kind === 'Namespace') {
      for (const inside of this.#objects.keys()) if (inside.split('/')[1] === name) this.#objects.delete(inside)
    }
    this.#tell({ name: key.split('/')[1] || name })
  }

  /** Of a selector: `label` and `label=value`. */
  #list(kind: string, { namespace, labelSelector }: Params): KubernetesObject[] {
    const wanted = (labelSelector?.split(',') ?? []).map((one) => one.split('='))
    return [...this.#objects.entries()]
      .filter(([key]) => key.startsWith(keyOf(kind, '', namespace)) || (!namespace && key.startsWith(`${kind}/`)))
      .map(([, object]) => object)
      .filter(({ metadata }) =>
        wanted.every(([label = '', value]) => {
          const found = metadata?.labels?.[label]
          return value === undefined ? found !== undefined : found === value
        }),
      )
  }
}

const NODE = {
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: {
    allocatable: { cpu: '64', memory: '256Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
} satisfies V1Node

const ANNOTATIONS_BYTES = 256 * 1024

function refuseLarge({ metadata }: KubernetesObject): void {
  const bytes = new TextEncoder().encode(
    Object.entries(metadata?.annotations ?? {})
      .flat()
      .join(''),
  ).length
  if (bytes <= ANNOTATIONS_BYTES) return
  throw new KubernetesError(
    422,
    'Invalid',
    `metadata.annotations: Too long: may not be more than ${ANNOTATIONS_BYTES} bytes`,
  )
}

/** RFC 7386: null takes a field away. */
function merged(live: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const base = live !== null && typeof live === 'object' && !Array.isArray(live) ? live : {}
  const fields = { ...(base as Record<string, unknown>) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete fields[key]
    else if (value !== undefined) fields[key] = merged(fields[key], value)
  }
  return fields
}

const keyOf = (kind: string, name: string, namespace = '') => `${kind}/${namespace}/${name}`
