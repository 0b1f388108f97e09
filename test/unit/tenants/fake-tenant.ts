import type { V1Deployment, V1Pod } from '@kubernetes/client-node'
import { CONTAINER_NAME } from '../../../src/manifests/names.ts'
import type { Act } from '../../../src/tenants/decide.ts'
import { isTerminating, livePods, type Observed } from '../../../src/tenants/observed.ts'
import type { Spec } from '../../../src/tenants/spec.ts'
import { readyPod, served, terminating } from '../../helpers/observed.ts'

type Part = Exclude<keyof Observed, 'namespace' | 'pods' | 'secretExists'>
const PARTS: Record<string, Part> = {
  Deployment: 'deployment',
  NetworkPolicy: 'networkPolicy',
  PersistentVolumeClaim: 'claim',
  ResourceQuota: 'quota',
  RoleBinding: 'roleBinding',
  Service: 'service',
}

/**
 * Stands in for the API server and the controllers of one tenant: takes what is applied as server-side apply does, merged into
 * what is live. It refuses a write that was decided on another version, as the real one does.
 */
export class FakeTenant {
  spec: Spec
  observed: Observed

  constructor(spec: Spec, observed: Observed) {
    this.spec = spec
    this.observed = structuredClone(observed)
  }

  /** @throws if the act was not decided on what is live */
  do(act: Act): void {
    switch (act.do) {
      case 'commit':
        this.spec = { ...this.spec, committed: true }
        return
      case 'apply':
        this.#apply(act)
        return
      case 'delete-pod':
        this.#set({ pods: this.observed.pods.filter(({ metadata }) => metadata?.uid !== act.uid) })
        return
      case 'delete-namespace':
        if (this.observed.namespace.metadata?.uid !== act.uid) throw new Error('another namespace was meant')
        this.#set({ namespace: terminating(this.observed.namespace) })
    }
  }

  #apply({ object, resourceVersion }: Act & { do: 'apply' }): void {
    const part = PARTS[object.kind!]!
    const live = this.observed[part]
    const version = live?.metadata?.resourceVersion
    if (version !== resourceVersion) throw new Error(`${part}: decided on ${resourceVersion}, but it is ${version}`)
    if (isTerminating(live)) throw new Error(`${part} is going`)
    const made = live === undefined ? served(object) : (merge(live, served(object)) as typeof object)
    made.metadata = {
      ...made.metadata,
      uid: live?.metadata?.uid ?? `uid-of-${part}`,
      resourceVersion: String(Number(version ?? 100) + 1),
      generation: (live?.metadata?.generation ?? 0) + 1,
    }
    this.#set({ [part]: made })
  }

  /** Lets the controllers, the kubelet and the storage driver do all that they would do by now. */
  settle(): void {
    for (const part of Object.values(PARTS)) if (isTerminating(this.observed[part])) this.#set({ [part]: undefined })
    const { claim, deployment } = this.observed
    if (claim) {
      const capacity = { storage: claim.spec!.resources!.requests!.storage! }
      this.#set({ claim: { ...claim, status: { phase: 'Bound', capacity } } })
    }
    this.#set({ pods: this.#settledPods() })
    if (deployment) {
      const replicas = deployment.spec!.replicas!
      const status = { observedGeneration: deployment.metadata!.generation!, replicas, updatedReplicas: replicas }
      this.#set({ deployment: { ...deployment, status } })
    }
  }

  /** An old pod has to be gone before there is a new one. */
  #settledPods(): V1Pod[] {
    const { deployment, pods } = this.observed
    const isStopped = deployment === undefined || deployment.spec!.replicas === 0
    return isStopped || livePods(pods).some(isTerminating) ? [] : [podOf(this.spec, deployment)]
  }

  #set(changes: Partial<Observed>): void {
    this.observed = { ...this.observed, ...changes }
  }
}

/** The pod that the controller makes of the Deployment's template, as far as it is looked at. */
function podOf(spec: Spec, deployment: V1Deployment): V1Pod {
  const pod = readyPod(spec)
  const { containers } = deployment.spec!.template.spec!
  const { resources } = containers.find(({ name }) => name === CONTAINER_NAME)!
  pod.status!.containerStatuses![0]!.resources = resources!
  return pod
}

/** As server-side apply merges: maps field by field, lists with names item by item, other lists as a whole. */
function merge(live: unknown, applied: unknown): unknown {
  if (Array.isArray(applied)) {
    if (!Array.isArray(live) || !applied.every((item) => item?.name !== undefined)) return applied
    const others = live.filter((item) => !applied.some(({ name }) => name === item.name))
    return [
      ...applied.map((item) =>
        merge(
          live.find(({ name }) => name === item.name),
          item,
        ),
      ),
      ...others,
    ]
  }
  if (applied === null || typeof applied !== 'object') return applied
  if (live === null || typeof live !== 'object' || Array.isArray(live)) return applied
  const fields = Object.entries(applied).map(([key, value]) => [
    key,
    merge((live as Record<string, unknown>)[key], value),
  ])
  // A false that the manifest writes out is taken, and then left out of what is shown.
  const shown = Object.entries(live).filter(([key]) => key !== 'paused')
  return { ...Object.fromEntries(shown), ...Object.fromEntries(fields) }
}
