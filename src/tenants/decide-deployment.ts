import type { V1Deployment } from '@kubernetes/client-node'
import { covers } from '../manifests/compare.ts'
import { renderDeployment, renderDeploymentKeeping } from '../manifests/deployment.ts'
import type { Tenant } from '../manifests/desired.ts'
import { annotations } from '../manifests/labels.ts'
import { renderResources } from '../manifests/pod-template.ts'
import type { Decision } from './decide.ts'
import { databaseResources, explain, isReady, isTerminating, livePods, type Observed } from './observed.ts'

/**
 * The Deployment, the only object whose change can restart a database: written here and nowhere else. Only an operation
 * changes the pod template; otherwise the live one is kept, and just its sizes follow.
 */
export function decideDeployment(tenant: Tenant, observed: Pick<Observed, 'deployment' | 'pods'>): Decision {
  const { deployment } = observed
  const pods = livePods(observed.pods)
  if (isTerminating(deployment)) return wait('DeploymentTerminating', 'the old Deployment is being deleted')
  if (deployment === undefined || isStopped(deployment)) {
    // Else two databases would write to one volume.
    if (tenant.running && pods.length > 0) return wait('PodTerminating', 'the old pod is still ending', 'stop')
  }
  if (deployment && fenceOf(deployment) > tenant.generation) return { step: 'deployment', next: 'reread' }

  const wanted =
    deployment === undefined || isTemplateDue(tenant, deployment)
      ? renderDeployment(tenant)
      : renderDeploymentKeeping(tenant, deployment)
  if (!covers(deployment, wanted)) {
    const resourceVersion = deployment?.metadata?.resourceVersion
    return {
      step: tenant.running ? 'deployment' : 'stop',
      next: 'act',
      acts: [{ do: 'apply', object: wanted, ...(resourceVersion === undefined ? {} : { resourceVersion }) }],
    }
  }
  return tenant.running ? decideReady(tenant, deployment!, observed) : decideStopped(pods)
}

/** Whether the pod template must be rendered anew: the database starts anyway, or an operation asked for a new template. */
function isTemplateDue({ running, desired }: Tenant, deployment: V1Deployment): boolean {
  const revision = deployment.spec?.template.metadata?.annotations?.[annotations.templateRevision]
  return (running && isStopped(deployment)) || revision !== String(desired.templateRevision)
}

function decideReady(tenant: Tenant, { metadata, status }: V1Deployment, observed: Pick<Observed, 'pods'>): Decision {
  if ((status?.observedGeneration ?? 0) < metadata!.generation!) {
    return wait('NotObserved', 'the Deployment controller has not seen the change yet', 'ready')
  }
  const refused = status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  const pods = livePods(observed.pods)
  if (pods.length === 0 && refused) return wait(refused.reason ?? 'PodsRefused', refused.message ?? '', 'ready')
  const [pod] = pods
  if (pods.length !== 1 || pod === undefined) return wait('NoSinglePod', `there are ${pods.length} pods`, 'ready')
  if (status?.updatedReplicas !== 1 || status.replicas !== 1)
    return wait('OldPod', 'the old pod is still there', 'ready')
  if (!isReady(pod)) {
    const { reason, message } = explain(pod)
    return wait(reason, message, 'ready')
  }
  if (!covers(databaseResources(pod), renderResources(tenant.desired))) {
    return wait('OldSize', 'the pod still has its old size', 'ready')
  }
  return { step: 'ready', next: 'done' }
}

function decideStopped(pods: Observed['pods']): Decision {
  return pods.length > 0 ? wait('PodTerminating', 'the pod is ending', 'stop') : { step: 'stop', next: 'done' }
}

const isStopped = ({ spec }: V1Deployment) => spec?.replicas === 0

const fenceOf = ({ metadata }: V1Deployment) => Number(metadata?.annotations?.[annotations.fence] ?? 0)

function wait(reason: string, message: string, step: Decision['step'] = 'deployment'): Decision {
  return { step, next: 'wait', reason, message }
}
