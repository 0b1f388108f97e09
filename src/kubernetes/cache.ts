import { EventEmitter } from 'node:events'
import {
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  ListWatch,
  type V1Deployment,
  type V1Ingress,
  type V1Namespace,
  type V1NetworkPolicy,
  type V1PersistentVolumeClaim,
  type V1Pod,
  type V1ReplicaSet,
  type V1ResourceQuota,
  type V1RoleBinding,
  type V1Service,
  Watch,
} from '@kubernetes/client-node'
import type { FastifyBaseLogger } from 'fastify'
import { DATABASE_SELECTOR, TENANT_LABEL } from '../manifests/labels.ts'
import type { Apis, Connection } from './connection.ts'
import { KubernetesError, traceOf } from './errors.ts'

/** How long until a failed list or watch is tried again: at least, and at most this much more by chance. */
const RESTART_MS = 500
const RESTART_JITTER_MS = 1500

/** What is watched, cluster-wide. No Secrets: they would all be in this process's memory. */
const RESOURCES = {
  namespaces: watched<V1Namespace>('/api/v1/namespaces', TENANT_LABEL, ({ core }, labelSelector) =>
    core.listNamespace({ labelSelector }),
  ),
  deployments: watched<V1Deployment>('/apis/apps/v1/deployments', DATABASE_SELECTOR, ({ apps }, labelSelector) =>
    apps.listDeploymentForAllNamespaces({ labelSelector }),
  ),
  replicaSets: watched<V1ReplicaSet>('/apis/apps/v1/replicasets', DATABASE_SELECTOR, ({ apps }, labelSelector) =>
    apps.listReplicaSetForAllNamespaces({ labelSelector }),
  ),
  pods: watched<V1Pod>('/api/v1/pods', DATABASE_SELECTOR, ({ core }, labelSelector) =>
    core.listPodForAllNamespaces({ labelSelector }),
  ),
  claims: watched<V1PersistentVolumeClaim>('/api/v1/persistentvolumeclaims', TENANT_LABEL, ({ core }, labelSelector) =>
    core.listPersistentVolumeClaimForAllNamespaces({ labelSelector }),
  ),
  services: watched<V1Service>('/api/v1/services', TENANT_LABEL, ({ core }, labelSelector) =>
    core.listServiceForAllNamespaces({ labelSelector }),
  ),
  quotas: watched<V1ResourceQuota>('/api/v1/resourcequotas', TENANT_LABEL, ({ core }, labelSelector) =>
    core.listResourceQuotaForAllNamespaces({ labelSelector }),
  ),
  networkPolicies: watched<V1NetworkPolicy>(
    '/apis/networking.k8s.io/v1/networkpolicies',
    TENANT_LABEL,
    ({ networking }, labelSelector) => networking.listNetworkPolicyForAllNamespaces({ labelSelector }),
  ),
  ingresses: watched<V1Ingress>('/apis/networking.k8s.io/v1/ingresses', TENANT_LABEL, ({ networking }, labelSelector) =>
    networking.listIngressForAllNamespaces({ labelSelector }),
  ),
  roleBindings: watched<V1RoleBinding>(
    '/apis/rbac.authorization.k8s.io/v1/rolebindings',
    TENANT_LABEL,
    ({ rbac }, labelSelector) => rbac.listRoleBindingForAllNamespaces({ labelSelector }),
  ),
} as const

type Resource = keyof typeof RESOURCES
type ObjectOf<R extends Resource> = (typeof RESOURCES)[R] extends Watched<infer T> ? T : never
type Watched<T extends KubernetesObject> = {
  path: string
  selector: string
  list: (apis: Apis, labelSelector: string) => Promise<KubernetesListObject<T>>
}

/** What the cluster holds of all tenants, kept up to date by watches. Emits `change` with the namespace that changed. */
export class ClusterCache extends EventEmitter<{ change: [namespace: string] }> {
  readonly #informers = new Map<Resource, ListWatch<KubernetesObject>>()
  readonly #synced = new Set<Resource>()
  readonly #log: FastifyBaseLogger
  #stopped = false

  constructor({ config, apis }: Connection, log: FastifyBaseLogger) {
    super()
    this.setMaxListeners(0) // One listener for each request that waits.
    this.#log = log
    for (const [name, { path, selector, list }] of Object.entries(RESOURCES) as [
      Resource,
      Watched<KubernetesObject>,
    ][]) {
      const listed = async () => {
        const result = await list(apis, selector)
        this.#synced.add(name)
        return result
      }
      const watch = new ReportingWatch(config, (error) => this.#report(name, error))
      this.#informers.set(name, new ListWatch(path, watch, listed, false, selector))
    }
  }

  /** Begins to list and watch; returns at once. */
  start(): void {
    for (const [name, informer] of this.#informers) {
      informer.on('change', (object) => {
        const namespace = object.metadata?.namespace ?? object.metadata?.name
        if (namespace) this.emit('change', namespace)
      })
      // Without this a ListWatch stops for good at its first error.
      informer.on('error', (error) => {
        this.#report(name, error)
        this.#restart(name, informer)
      })
      this.#begin(name, informer)
    }
  }

  #begin(name: Resource, informer: ListWatch<KubernetesObject>): void {
    informer.start().catch((error: unknown) => {
      this.#report(name, error)
      this.#restart(name, informer)
    })
  }

  #restart(name: Resource, informer: ListWatch<KubernetesObject>): void {
    if (this.#stopped) return
    const wait = RESTART_MS + Math.random() * RESTART_JITTER_MS
    setTimeout(() => !this.#stopped && this.#begin(name, informer), wait).unref()
  }

  #report(resource: Resource, error: unknown): void {
    if (!this.#stopped) this.#log.warn({ resource, ...traceOf(error) }, 'a watch failed and is started again')
  }

  stop(): void {
    this.#stopped = true
    for (const informer of this.#informers.values()) void informer.stop()
  }

  /** Whether every resource has been listed once. Before that an empty answer means nothing. */
  get synced(): boolean {
    return this.#synced.size === this.#informers.size
  }

  get<R extends Resource>(resource: R, name: string, namespace?: string): ObjectOf<R> | undefined {
    return this.#informer(resource).get(name, namespace)
  }

  list<R extends Resource>(resource: R, namespace?: string): readonly ObjectOf<R>[] {
    return this.#informer(resource).list(namespace)
  }

  #informer<R extends Resource>(resource: R): ListWatch<ObjectOf<R>> {
    return this.#informers.get(resource) as unknown as ListWatch<ObjectOf<R>>
  }
}

function watched<T extends KubernetesObject>(path: string, selector: string, list: Watched<T>['list']): Watched<T> {
  return { path, selector, list }
}

/** client-node's watch, whose failures outside its own try would be rejections that nobody handles, and end the process. */
class ReportingWatch extends Watch {
  readonly #onFailure: (error: unknown) => void

  constructor(config: KubeConfig, onFailure: (error: unknown) => void) {
    super(config)
    this.#onFailure = onFailure
  }

  override async watch(...[path, query, callback, done]: Parameters<Watch['watch']>): Promise<AbortController> {
    // The callback is an async function of the ListWatch, which runs the listeners of this cache.
    const reporting: typeof callback = async (phase, object, event) => {
      try {
        await callback(phase, object, event)
        if (phase === 'ERROR') this.#onFailure(statusOf(object))
      } catch (error) {
        this.#onFailure(error)
      }
    }
    // So is this one, which lists anew and then runs the listeners.
    const ending = async (error: unknown) => {
      try {
        await done(error)
      } catch (failure) {
        done(failure)
      }
    }
    try {
      return await super.watch(path, query, reporting, ending)
    } catch (error) {
      done(error)
      return new AbortController()
    }
  }
}

/** What the API server says in a watch that it ends, such as 410 for a version that it no longer has. */
function statusOf({ code, reason }: { code?: number; reason?: string }): KubernetesError {
  return new KubernetesError(code ?? 0, reason ?? 'Unknown', 'the API server ended the watch')
}
