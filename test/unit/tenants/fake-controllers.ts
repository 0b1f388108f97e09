import { isDeepStrictEqual } from 'node:util'
import type { V1Deployment, V1Pod, V1PodTemplateSpec, V1ReplicaSet } from '@kubernetes/client-node'
import { CONTAINER_NAME } from '../../../src/manifests/names.ts'
import { bytesOf } from '../../../src/sizing/quantity.ts'
import { isTerminating, livePods } from '../../../src/tenants/observe/observed.ts'
import { ConflictError, type FakeWorkloads, isOwnedBy } from './fake-workloads.ts'

/** What they do, each by itself and whenever it comes to it. */
export const PARTS = [
  'seeDeployment',
  'seeReplicaSets',
  'roll',
  'countReplicaSets',
  'keepPods',
  'runPods',
  'endPods',
] as const

type Options = { copiesAnnotations: boolean; nodeRam?: number; hasSecret?: boolean }

/** What the Deployment controller and, `counted`, the ReplicaSet controller saw last. */
export type Views = {
  deployment: V1Deployment | undefined
  replicaSets: readonly V1ReplicaSet[]
  counted: readonly V1ReplicaSet[]
}

export function viewsOf({ deployment, replicaSets }: Pick<FakeWorkloads, 'deployment' | 'replicaSets'>): Views {
  return { deployment, replicaSets, counted: replicaSets }
}

/**
 * Stands in for the Deployment controller, the ReplicaSet controller and the kubelet. Each acts on what it saw last, however old
 * that is, and under its version, as the real ones do. Strategy Recreate, revisionHistoryLimit 0.
 */
export class FakeControllers {
  readonly #live: FakeWorkloads
  readonly #copiesAnnotations: boolean
  readonly #nodeRam: number
  readonly #hasSecret: boolean
  /** What they saw last. */
  readonly views: Views
  /** How often a pod was taken away by them. */
  replaced = 0

  /**
   * @param options whether annotations of the Deployment come to its ReplicaSet, which is not promised anywhere; and the largest RAM
   * that the node can give (Gi); and whether the Secret is there that a container needs to start
   */
  constructor(
    live: FakeWorkloads,
    { copiesAnnotations, nodeRam = 64, hasSecret = true }: Options,
    views: Views = viewsOf(live),
  ) {
    this.#live = live
    this.#copiesAnnotations = copiesAnnotations
    this.#nodeRam = nodeRam
    this.#hasSecret = hasSecret
    this.views = { ...views }
  }

  /** Everybody once, and at once. */
  doAll(): void {
    for (const name of PARTS) this[name]()
  }

  seeDeployment(): void {
    this.views.deployment = this.#live.deployment
  }

  seeReplicaSets(): void {
    this.views.replicaSets = this.#live.replicaSets
  }

  /** One sync of the Deployment controller; a conflict ends it. */
  roll(): void {
    const { deployment } = this.views
    if (deployment === undefined) return
    ignoringConflicts(() => {
      // The oldest that equals the template is taken for the newest.
      const current = this.views.replicaSets.find(({ spec }) => isEqual(spec?.template, deployment.spec?.template))
      const others = this.views.replicaSets.filter((one) => one !== current)
      if (deployment.spec?.paused) this.#keep(deployment, current, others)
      else this.#recreate(deployment, current, others)
      this.#tell(deployment, current)
    })
  }

  /** Under a pause only the number of pods is kept, even if it is that of an old ReplicaSet. */
  #keep(deployment: V1Deployment, current: V1ReplicaSet | undefined, others: readonly V1ReplicaSet[]): void {
    if (current) this.#annotate(deployment, current)
    const active = this.views.replicaSets.filter(isActive)
    if (active.length < 2) this.#scale(active[0] ?? current ?? others.at(-1), deployment.spec!.replicas!)
    this.#clean(others)
  }

  #recreate(deployment: V1Deployment, current: V1ReplicaSet | undefined, others: readonly V1ReplicaSet[]): void {
    const { replicas, template, selector } = deployment.spec!
    const active = others.filter(isActive)
    for (const one of active) this.#scale(one, 0)
    if (active.length > 0 || livePods(this.#live.pods).some((pod) => others.some((one) => isOwnedBy(pod, one)))) return
    if (current) {
      this.#annotate(deployment, current)
      this.#scale(current, replicas!)
      if (current.status?.replicas === replicas) this.#clean(others)
      return
    }
    if (this.#live.replicaSets.some(({ spec }) => isEqual(spec?.template, template))) throw new ConflictError('exists')
    const hash = `hash-${deployment.metadata!.generation}`
    const labels = { ...template.metadata?.labels, 'pod-template-hash': hash }
    this.#live.add({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        annotations: deployment.metadata!.annotations!,
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: 'any', uid: deployment.metadata!.uid!, controller: true },
        ],
      },
      spec: { replicas: replicas!, selector, template: { ...template, metadata: { ...template.metadata, labels } } },
      status: { replicas: 0 },
    })
  }

  #annotate({ metadata }: V1Deployment, one: V1ReplicaSet): void {
    if (!this.#copiesAnnotations) return
    const annotations = { ...one.metadata?.annotations, ...metadata?.annotations }
    this.#write(one, { ...one, metadata: { ...one.metadata, annotations } })
  }

  #scale(one: V1ReplicaSet | undefined, replicas: number): void {
    if (one) this.#write(one, { ...one, spec: { ...one.spec!, replicas } })
  }

  /** Its own writes it knows of only when it sees them: the rest of the sync is for the next one. */
  #write(read: V1ReplicaSet, written: V1ReplicaSet): void {
    this.#live.update(read, written)
    if (!isDeepStrictEqual(read, written)) throw new ConflictError('written; to be seen first')
  }

  #clean(others: readonly V1ReplicaSet[]): void {
    for (const one of others) {
      const isIdle = !isActive(one) && one.status?.replicas === 0 && isSeen(one)
      const live = this.#live.replicaSets.find((found) => found === one)
      if (isIdle && live) this.#live.deleteReplicaSet(live)
    }
  }

  #tell(deployment: V1Deployment, current: V1ReplicaSet | undefined): void {
    const status = {
      observedGeneration: deployment.metadata!.generation!,
      replicas: this.views.replicaSets.reduce((sum, { status }) => sum + (status?.replicas ?? 0), 0),
      updatedReplicas: current?.status?.replicas ?? 0,
    }
    this.#live.update(deployment, { ...deployment, status })
  }

  countReplicaSets(): void {
    this.views.counted = this.#live.replicaSets
  }

  /** One sync of the ReplicaSet controller: pods of the template that it saw, as many as are wanted. */
  keepPods(): void {
    for (const one of this.views.counted) ignoringConflicts(() => this.#keepPodsOf(one))
  }

  #keepPodsOf(one: V1ReplicaSet): void {
    if (!this.#live.replicaSets.some(({ metadata }) => metadata?.uid === one.metadata?.uid)) return
    const pods = livePods(this.#live.pods).filter((pod) => isOwnedBy(pod, one) && !isTerminating(pod))
    const { replicas, template } = one.spec!
    for (const pod of pods.slice(replicas)) {
      this.replaced++
      this.#live.deletePod(pod)
    }
    const isRefused = this.#live.isGuarded && livePods(this.#live.pods).length > 0
    if (pods.length < replicas! && !isRefused) this.#live.add(this.#scheduled(podOf(one, template!)))
    const status = { observedGeneration: one.metadata!.generation!, replicas: Math.min(pods.length, replicas!) }
    this.#live.update(one, { ...one, status })
  }

  #scheduled(pod: V1Pod): V1Pod {
    if (this.#holds(pod)) return { ...pod, spec: { ...pod.spec!, nodeName: 'node-1' } }
    return { ...pod, status: { ...pod.status, phase: 'Pending', conditions: [UNSCHEDULABLE] } }
  }

  #holds({ spec }: V1Pod): boolean {
    const { resources } = spec!.containers.find(({ name }) => name === CONTAINER_NAME)!
    return bytesOf(resources?.limits?.memory)! <= BigInt(this.#nodeRam) * GIB
  }

  /** The kubelet takes every pod one step further. */
  runPods(): void {
    for (const pod of livePods(this.#live.pods)) {
      const isRun = pod.spec?.nodeName !== undefined && !isTerminating(pod)
      if (isRun) this.#live.update(pod, { ...pod, status: this.#next(pod) })
    }
  }

  endPods(): void {
    for (const pod of this.#live.pods) if (isTerminating(pod)) this.#live.removePod(pod)
  }

  /** A database starts, loads its data, and is ready. A size is granted first, and in force later; or the node can never hold it. */
  #next(pod: V1Pod): NonNullable<V1Pod['status']> {
    const { status, spec } = pod
    const [database] = status!.containerStatuses!
    const { state, started } = database!
    if (!state?.running && !this.#hasSecret) return status!
    if (!state?.running) return { ...status, containerStatuses: [{ ...database!, state: { running: {} } }] }
    if (!started) return { ...status, containerStatuses: [{ ...database!, started: true, ready: true }] }
    const seen = { ...status, observedGeneration: pod.metadata!.generation!, conditions: READY }
    if (!this.#holds(pod)) return { ...seen, conditions: [...READY, INFEASIBLE] }
    if (status?.observedGeneration !== pod.metadata!.generation) return seen
    const { resources } = spec!.containers.find(({ name }) => name === CONTAINER_NAME)!
    return { ...seen, containerStatuses: [{ ...database!, resources: resources! }] }
  }
}

const READY = [{ type: 'Ready', status: 'True' }]
const INFEASIBLE = { type: 'PodResizePending', status: 'True', reason: 'Infeasible', message: 'the node has less' }
const UNSCHEDULABLE = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'the node has less' }
const GIB = 1024n ** 3n

const isActive = ({ spec }: V1ReplicaSet) => (spec?.replicas ?? 0) > 0

const isSeen = ({ metadata, status }: V1ReplicaSet) => status?.observedGeneration === metadata?.generation

function isEqual(a: V1PodTemplateSpec | undefined, b: V1PodTemplateSpec | undefined): boolean {
  return isDeepStrictEqual(withoutHash(a), withoutHash(b))
}

function withoutHash(template: V1PodTemplateSpec | undefined) {
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {}
  return { ...template, metadata: { ...template?.metadata, labels } }
}

function podOf({ metadata }: V1ReplicaSet, template: V1PodTemplateSpec): V1Pod {
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: metadata!.name!,
    uid: metadata!.uid!,
    controller: true,
  }
  const { image, resources } = template.spec!.containers.find(({ name }) => name === CONTAINER_NAME)!
  const database = {
    name: CONTAINER_NAME,
    image: image!,
    imageID: '',
    ready: false,
    restartCount: 0,
    resources: resources!,
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, ownerReferences: [owner] },
    spec: template.spec!,
    status: { phase: 'Running', containerStatuses: [database] },
  }
}

function ignoringConflicts(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
  }
}
