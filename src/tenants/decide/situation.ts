import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node'
import { renderDeploymentKeeping } from '../../manifests/deployment.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { differences } from '../../manifests/differences.ts'
import { annotations } from '../../manifests/labels.ts'
import { isTerminating, livePods, type Observed } from '../observe/observed.ts'
import { type Admissions, admissionOf, templateChanges, unexplained } from './admission.ts'
import { fenceOf, isSettled, ownedBy } from './replica-sets.ts'

/** What of a tenant the Deployment is decided on. */
export type Workloads = Pick<Observed, 'deployment' | 'pods' | 'replicaSets'> & Partial<Pick<Observed, 'quota'>>

/** A Deployment and its pods beside what they shall be: all that the rows of the table ask for. */
export type Situation = ReturnType<typeof situationOf>

export function situationOf(
  tenant: Tenant,
  deployment: V1Deployment,
  { pods, replicaSets, quota }: Workloads,
  admissions: Admissions,
) {
  const owned = ownedBy(deployment, replicaSets)
  /** The live pod template with the sizes and the state that the tenant shall have. */
  const wanted = renderDeploymentKeeping(tenant, deployment)
  const admission = admissionOf(admissions, deployment, wanted)
  const stored = admission?.stored as V1Deployment | undefined
  return {
    tenant,
    deployment,
    admissions,
    pods,
    quota,
    live: livePods(pods),
    fence: fenceOf(deployment),
    isStopped: deployment.spec?.replicas === 0,
    isScaled: (deployment.spec?.replicas ?? 1) > 1,
    isPaused: deployment.spec?.paused === true,
    isSettled: isSettled(deployment, owned),
    isTemplateDue: isTemplateDue(tenant, deployment),
    isWithoutNode: isWithoutNode(deployment, livePods(pods)),
    pod: runningPod(pods),
    owned: owned as readonly V1ReplicaSet[],
    wanted,
    /** Fields that say something else, policies' own not counted. */
    differing: unexplained(deployment, wanted),
    isTried: admission !== undefined,
    stored,
    /** What policies make of it, and what of that only a new pod could have. */
    rewritten: stored ? differences(stored, wanted) : [],
    templateChanges: stored ? templateChanges(deployment, stored) : [],
  }
}

/** An operation asked for a new template. */
function isTemplateDue({ desired }: Tenant, deployment: V1Deployment): boolean {
  const revision = deployment.spec?.template.metadata?.annotations?.[annotations.templateRevision]
  // One that was taken over as it is has none.
  return (revision ?? '0') !== String(desired.templateRevision)
}

/** Where the pod finds no node, or is refused: nothing runs that a restart could disturb, and no kubelet could resize it. */
function isWithoutNode({ status }: V1Deployment, pods: readonly V1Pod[]): boolean {
  const isRefused = status?.conditions?.some(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  return pods.length === 0 ? isRefused === true : pods.every(isUnschedulable)
}

function isUnschedulable({ spec, status }: V1Pod): boolean {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return spec?.nodeName === undefined && scheduled?.reason === 'Unschedulable'
}

/** The only pod, if it is on a node and not ending. */
function runningPod(pods: readonly V1Pod[]): V1Pod | undefined {
  const live = livePods(pods)
  const [pod] = live
  return live.length === 1 && pod?.spec?.nodeName !== undefined && !isTerminating(pod) ? pod : undefined
}
