/** Hand-made tenants as an API server would show them, for the pure modules. Every maker takes what shall be different. */

import type {
  KubernetesObject,
  V1Deployment,
  V1Namespace,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
} from '@kubernetes/client-node'
import { renderDeployment } from '../../src/manifests/deployment.ts'
import type { Desired } from '../../src/manifests/desired.ts'
import { CONTAINER_NAME, namesFor } from '../../src/manifests/names.ts'
import { renderNamespace } from '../../src/manifests/namespace.ts'
import { type Asked, imageOf } from '../../src/manifests/options.ts'
import { renderResources } from '../../src/manifests/pod-template.ts'
import { renderSurroundings } from '../../src/manifests/render.ts'
import type { Observed } from '../../src/tenants/observe/observed.ts'
import { overlay } from '../../src/tenants/options/settle.ts'
import type { Operation } from '../../src/tenants/record/operation.ts'
import { type Spec, tenantOf } from '../../src/tenants/record/spec.ts'
import { CAPABILITIES, DEFAULT_DESIRED, DEFAULT_SPEC, SERVICE_IDENTITY } from '../fixtures/tenants.ts'

/** When everything that is being deleted was asked to go. */
export const DELETED_AT = new Date('2026-01-02T00:00:00.000Z')

export function anOperation(changes: Partial<Operation> = {}): Operation {
  return { ...DEFAULT_SPEC.operation, ...changes }
}

export const RUNNING: Partial<Operation> = { id: 'running', type: 'resize', state: 'running', finishedAt: null }

/** The record of a tenant that runs; `desired` and `options` need only say what is different. */
export function aSpec({
  desired,
  options = {},
  ...changes
}: Partial<Omit<Spec, 'desired'>> & { desired?: Partial<Desired>; options?: Asked } = {}): Spec {
  const settled = { ...DEFAULT_DESIRED, ...desired }
  const all = { ...settled, options: overlay(settled.options, options) }
  return { ...structuredClone(DEFAULT_SPEC), ...changes, desired: all }
}

/** Everything of a tenant as it is when nothing is left to be done for this record. */
export function observed(spec: Spec, changes: Partial<Observed> = {}): Observed {
  const tenant = tenantOf(spec, CAPABILITIES)
  const { roleBinding, quota, service, networkPolicy, ingress } = renderSurroundings(tenant, SERVICE_IDENTITY)
  return {
    namespace: liveNamespace(spec),
    deployment: liveDeployment(spec),
    replicaSets: [liveReplicaSet(spec)],
    pods: tenant.running ? [readyPod(spec)] : [],
    claim: renderSurroundings(tenant, SERVICE_IDENTITY).claim && liveClaim(spec),
    service: served(service),
    quota: served(quota),
    networkPolicy: networkPolicy && served(networkPolicy),
    ingress: ingress && served(ingress),
    roleBinding: served(roleBinding),
    secretExists: true,
    ...changes,
  }
}

/** An object as the API server shows it: canonical quantities, its own fields, and no `paused` that is false. */
export function served<T extends KubernetesObject>(rendered: T, resourceVersion = '100'): T {
  const object = canonical(rendered) as T
  object.metadata = { uid: `uid-of-${rendered.kind}`, ...object.metadata, resourceVersion, generation: 1 }
  const { spec } = object as { spec?: { paused?: boolean } }
  if (spec?.paused === false) delete spec.paused
  return object
}

/** Quantities as the API server prints them. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, canonical(field)]))
  }
  return typeof value === 'string' ? value.replace(/^(\d+)000m$/, '$1') : value
}

/** The object, asked to go but not gone yet. */
export function terminating<T extends KubernetesObject>(object: T): T {
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: DELETED_AT } }
}

export function liveNamespace(spec: Spec): V1Namespace {
  const namespace = served(renderNamespace(spec.userId, JSON.stringify(spec)))
  return { ...namespace, metadata: { ...namespace.metadata, uid: '0a1b2c3d-0000-4000-8000-000000000000' } }
}

/** The Deployment for this record, seen by its controller; `change` may do to it what another hand could. */
export function liveDeployment(spec: Spec, change: (live: V1Deployment) => void = () => {}): V1Deployment {
  const live = served(renderDeployment(tenantOf(spec, CAPABILITIES)))
  const replicas = live.spec!.replicas!
  live.status = { observedGeneration: 1, replicas, updatedReplicas: replicas }
  live.spec!.template.spec = { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', ...live.spec!.template.spec! }
  change(live)
  return live
}

/** The ReplicaSet that the controller has made of the Deployment for this record. */
export function liveReplicaSet(
  spec: Spec,
  { name = 'rs-1', deployment = liveDeployment(spec) }: { name?: string; deployment?: V1Deployment } = {},
): V1ReplicaSet {
  const replicas = deployment.spec!.replicas!
  const { template, selector } = structuredClone(deployment.spec!)
  const { uid, namespace, annotations } = structuredClone(deployment.metadata!)
  template.metadata!.labels!['pod-template-hash'] = name
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: namespace!,
      labels: template.metadata!.labels!,
      annotations: annotations!,
      uid: `uid-of-${name}`,
      resourceVersion: '100',
      generation: 1,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'any', uid: uid!, controller: true }],
    },
    spec: { replicas, selector, template },
    status: { replicas, observedGeneration: 1 },
  }
}

/** The claim for this record, bound, with a volume of the size that it asks for. */
export function liveClaim(
  spec: Spec,
  size: { requested?: string; capacity?: string; phase?: string } = {},
): V1PersistentVolumeClaim {
  const { requested = spec.desired.storageSize, capacity = requested, phase = 'Bound' } = size
  const claim = served(renderSurroundings(tenantOf(spec, CAPABILITIES), SERVICE_IDENTITY).claim!)
  return {
    ...claim,
    spec: { ...claim.spec, volumeMode: 'Filesystem', resources: { requests: { storage: requested } } },
    status: { phase, ...(phase === 'Bound' ? { capacity: { storage: capacity } } : {}) },
  }
}

/** The tenant's pod, with a database that accepts connections. */
export function readyPod(spec: Spec, { name = 'pod-1', restartCount = 0 } = {}): V1Pod {
  const { namespace } = namesFor(spec.userId)
  const { spec: podSpec, metadata } = liveDeployment(spec).spec!.template
  const resources = canonical(renderResources(spec.desired)) as ReturnType<typeof renderResources>
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name,
      namespace,
      uid: `uid-of-${name}`,
      resourceVersion: '100',
      generation: 1,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs-1', uid: 'uid-of-rs-1', controller: true },
      ],
    },
    spec: { ...podSpec!, nodeName: 'node-1' },
    status: {
      phase: 'Running',
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date('2026-01-01T00:00:05.000Z') }],
      containerStatuses: [
        {
          name: CONTAINER_NAME,
          image: imageOf(spec.desired.options.image),
          imageID: '',
          ready: true,
          restartCount,
          started: true,
          state: { running: {} },
          resources,
        },
      ],
    },
  }
}

/** The tenant's pod, before it is ready: with this state of its container, and these conditions. */
export function startingPod(
  spec: Spec,
  {
    state = {},
    started = false,
    conditions = [],
  }: {
    state?: NonNullable<NonNullable<V1Pod['status']>['containerStatuses']>[number]['state']
    started?: boolean
    conditions?: NonNullable<NonNullable<V1Pod['status']>['conditions']>
  } = {},
): V1Pod {
  const pod = readyPod(spec)
  const [status] = pod.status!.containerStatuses!
  return {
    ...pod,
    status: {
      phase: 'Pending',
      conditions: [{ type: 'Ready', status: 'False' }, ...conditions],
      containerStatuses: [{ ...status!, ready: false, started, state }],
    },
  }
}

/** A pod that has run to its end and can write no more. */
export function endedPod(spec: Spec, phase: 'Succeeded' | 'Failed' = 'Failed'): V1Pod {
  return { ...readyPod(spec, { name: 'ended' }), status: { phase } }
}
