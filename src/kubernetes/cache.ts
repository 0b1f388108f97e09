import { EventEmitter } from 'node:events'
import {
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
      this.#informers.set(name, new ListWatch(path, new Watch(config), listed, false, selector))
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
      informer.on('error', (error) => this.#restart(name, informer, error))
      void informer.start()
    }
  }

  #restart(name: Resource, informer: ListWatch<KubernetesObject>, error: unknown): void {
    if (this.#stopped) return
    this.#log.warn(
      { resource: name, reason: (error as Error).name },
      'the watch ended with an error and is started again',
    )
    setTimeout(() => !this.#stopped && void informer.start(), RESTART_MS + Math.random() * RESTART_JITTER_MS).unref()
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
