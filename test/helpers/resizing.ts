/** A tenant in the middle of a change of its size. 1Gi becomes 2Gi, generation 4 becomes 5. */

import type { V1Deployment, V1Pod, V1ReplicaSet, V1ResourceRequirements } from '@kubernetes/client-node'
import type { Tenant } from '../../src/manifests/desired.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { renderResources } from '../../src/manifests/pod-template.ts'
import type { Admissions } from '../../src/tenants/decide/admission.ts'
import type { Decision } from '../../src/tenants/decide/decide.ts'
import { decideDeployment } from '../../src/tenants/decide/decide-deployment.ts'
import { ROWS } from '../../src/tenants/decide/rows.ts'
import { situationOf } from '../../src/tenants/decide/situation.ts'
import { isTerminating, type Observed } from '../../src/tenants/observe/observed.ts'
import { type Spec, tenantOf } from '../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../fixtures/tenants.ts'
import { FakeWorkloads } from '../unit/tenants/fake-workloads.ts'
import { anOperation, aSpec, canonical, liveDeployment, liveReplicaSet, RUNNING, readyPod } from './observed.ts'

export const SMALL = aSpec({
  generation: 4,
  desired: { ramSize: '1Gi', storageSize: '4Gi', cpu: { request: '500m', limit: '1000m' } },
})
export const LARGE = aSpec({ generation: 5, operation: anOperation(RUNNING) })
export const SMALL_SIZE = renderResources(SMALL.desired)
export const LARGE_SIZE = renderResources(LARGE.desired)

export type Workloads = Pick<Observed, 'deployment' | 'replicaSets' | 'pods'> & Partial<Pick<Observed, 'quota'>>

/** The rows of the table that decisions were made by. */
export const rowsSeen = new Set<string>()

function decided(tenant: Tenant, workloads: Workloads, admissions?: Admissions): Decision {
  const { deployment } = workloads
  if (deployment && !isTerminating(deployment) && deployment.spec?.strategy?.type === 'Recreate') {
    const at = situationOf(tenant, deployment, workloads, admissions ?? new Map())
    rowsSeen.add(ROWS.find(({ when }) => when(at))!.name)
  }
  return decideDeployment(tenant, workloads, admissions)
}

/** Adds to what is written, or takes from it, what a policy of the cluster would. */
export type ClusterPolicy = (written: V1Deployment) => V1Deployment

/**
 * What is decided once the cluster's policies are known.
 * @param seen what differs from a tenant that is as `spec` says
 */
export function decideFor(spec: Spec, seen: Partial<Workloads> = {}, policy: ClusterPolicy = (same) => same): Decision {
  const tenant = tenantOf(spec, CAPABILITIES)
  const pods = tenant.running ? [readyPod(spec)] : []
  const deployment = liveDeployment(spec)
  const workloads = { deployment, replicaSets: [liveReplicaSet(spec)], pods, ...seen }
  const decision = decided(tenant, workloads)
  const [act] = decision.next === 'act' ? decision.acts : []
  if (act?.do !== 'dry-run') return decision
  const fake = new FakeWorkloads(workloads.deployment, workloads.replicaSets, workloads.pods)
  fake.policy = policy
  const { uid, resourceVersion, object } = act
  const admission = { resourceVersion, manifest: JSON.stringify(object), stored: fake.stored(object) }
  return decided(tenant, workloads, new Map([[uid, admission]]))
}

/** The Deployment as step 1 leaves it: paused, for this spec. */
export function pausedDeployment(spec: Spec, change: (live: V1Deployment) => void = () => {}): V1Deployment {
  return liveDeployment(spec, (live) => {
    live.spec!.paused = true
    change(live)
  })
}

export function unobserved<T extends V1Deployment | V1ReplicaSet>(object: T): T {
  return { ...object, metadata: { ...object.metadata, generation: object.metadata!.generation! + 1 } }
}

export function fenced<T extends V1Deployment | V1ReplicaSet>(object: T, generation: number): T {
  const fence = { [annotations.fence]: String(generation) }
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, ...fence } } }
}

/** A pod of this record, asked for another size, as far as its kubelet has come: `null` has not answered. */
export function resizedPod(
  spec: Spec,
  asked: V1ResourceRequirements,
  answer: null | { type: string; reason?: string; message?: string; observedGeneration?: number } | 'granted' = null,
): V1Pod {
  const pod = readyPod(spec)
  pod.metadata!.generation = 2
  pod.spec!.containers[0]!.resources = canonical(asked) as V1ResourceRequirements
  if (answer === null) return pod
  pod.status!.observedGeneration = 2
  if (answer !== 'granted') pod.status!.conditions!.push({ status: 'True', observedGeneration: 2, ...answer })
  return pod
}
