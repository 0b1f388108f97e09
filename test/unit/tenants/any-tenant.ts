import fc from 'fast-check'
import { annotations } from '../../../src/manifests/labels.ts'
import type { Observed } from '../../../src/tenants/observe/observed.ts'
import type { Spec } from '../../../src/tenants/record/spec.ts'
import {
  aSpec,
  endedPod,
  liveClaim,
  liveDeployment,
  liveReplicaSet,
  observed,
  readyPod,
  startingPod,
  terminating,
} from '../../helpers/observed.ts'
import { accountOf } from './fake-tenant.ts'

const THEN = '2026-01-02T00:00:00.000Z'
const GENERATION = 5

const HOST = { host: 'a.example.com', paths: [{ path: '/', pathType: 'Prefix' as const }] }

const sizes = fc.constantFrom(
  { ramSize: '1Gi', storageSize: '2Gi', cpu: { request: '500m', limit: '1000m' } },
  { ramSize: '2Gi', storageSize: '4Gi', cpu: { request: '750m', limit: '1500m' } },
  { ramSize: '4Gi', storageSize: '8Gi', cpu: { request: '1000m', limit: '2000m' } },
)
const specs = fc
  .record({
    sizes,
    templateRevision: fc.integer({ min: 1, max: 2 }),
    networkPolicy: fc.boolean(),
    type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
    annotations: fc.constantFrom({}, { 'example.com/a': '' }, { 'example.com/b': '1' }),
    ingress: fc.boolean(),
    priorityClassName: fc.constantFrom(null, 'customers'),
    committed: fc.boolean(),
    suspended: fc.boolean(),
    isDeleted: fc.boolean(),
    isPurged: fc.boolean(),
    generation: fc.integer({ min: 1, max: GENERATION }),
  })
  .map(({ sizes, templateRevision, isDeleted, isPurged, ...rest }) => {
    const { networkPolicy, type, annotations, ingress, priorityClassName, ...record } = rest
    const deletedAt = isDeleted || isPurged ? THEN : null
    const options = {
      networkPolicy: { enabled: networkPolicy },
      service: { type, annotations },
      ingress: { enabled: ingress, annotations, hosts: [HOST] },
      priorityClassName,
    }
    const desired = { ...sizes, templateRevision }
    return aSpec({ ...record, desired, options, deletedAt, purgeRequestedAt: isPurged ? THEN : null })
  })

/** A spec, and what an earlier one and other hands have left in the cluster. */
export const tenants = fc
  .record({
    wanted: specs.map((spec) => ({ ...spec, generation: GENERATION })),
    past: specs,
    state: fc.record({
      objects: fc.array(fc.constantFrom('same', 'missing', 'going', 'changed'), { minLength: 7, maxLength: 7 }),
      pods: fc.subarray(['ready', 'starting', 'ending', 'ended']),
      isPaused: fc.boolean(),
      hasSidecar: fc.boolean(),
      isOfOldRenderer: fc.boolean(),
      capacity: fc.constantFrom('1Gi', '100Gi'),
      phase: fc.constantFrom('Bound', 'Pending'),
    }),
  })
  .map(({ wanted, past, state }) => ({ wanted, live: left(past, state) }))

type State = {
  objects: string[]
  pods: string[]
  isPaused: boolean
  hasSidecar: boolean
  isOfOldRenderer: boolean
  capacity: string
  phase: string
}

function left(past: Spec, { objects, pods, isPaused, hasSidecar, isOfOldRenderer, capacity, phase }: State): Observed {
  const all = observed(past)
  const deployment = liveDeployment(past, ({ metadata, spec }) => {
    if (isPaused) spec!.paused = true
    if (hasSidecar) spec!.template.spec!.containers.push({ name: 'sidecar', image: 'mesh:1' })
    if (isOfOldRenderer) metadata!.annotations![annotations.renderer] = '0'
  })
  const kinds = {
    ready: readyPod(past),
    starting: startingPod(past),
    ending: terminating(readyPod(past)),
    ended: endedPod(past),
  }
  const { namespace, roleBinding, quota, service, networkPolicy, ingress } = all
  const claim = liveClaim(past, { capacity, phase })
  for (const object of [service!, ingress]) {
    if (object) object.metadata = { ...object.metadata, managedFields: [accountOf(undefined, object)] }
  }
  const parts = Object.entries({ roleBinding, quota, service, networkPolicy, ingress, claim, deployment }).map(
    ([part, object], index) => {
      const how = objects[index]
      if (how === 'missing' || object === undefined) return [part, undefined]
      if (how === 'going') return [part, terminating(object)]
      if (how === 'changed')
        object.metadata!.labels = { ...object.metadata!.labels, 'app.kubernetes.io/name': 'changed' }
      return [part, object]
    },
  )
  return {
    ...Object.fromEntries(parts),
    namespace,
    replicaSets: [liveReplicaSet(past, { deployment })],
    pods: pods.map((kind) => {
      const pod = kinds[kind as keyof typeof kinds]
      return { ...pod, metadata: { ...pod.metadata, name: `pod-${kind}`, uid: `uid-of-pod-${kind}` } }
    }),
    secretExists: true,
  }
}
