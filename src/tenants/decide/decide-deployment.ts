import type { V1Deployment } from '@kubernetes/client-node'
import { renderDeployment } from '../../manifests/deployment.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { isTerminating, livePods } from '../observe/observed.ts'
import { type Admissions, NONE_TRIED } from './admission.ts'
import type { Decision } from './decide.ts'
import { act, applied, wait } from './decisions.ts'
import { fenceOf } from './replica-sets.ts'
import { ROWS } from './rows.ts'
import { situationOf, type Workloads } from './situation.ts'

/**
 * The Deployment, the only object whose change can restart a database. Sizes change in place: first the pod, then under a pause the
 * Deployment's template and the ReplicaSet's, so that nothing differs when the pause ends and nothing rolls (rows.ts).
 */
export function decideDeployment(tenant: Tenant, seen: Workloads, admissions: Admissions = NONE_TRIED): Decision {
  const { deployment } = seen
  if (deployment === undefined || isTerminating(deployment)) return decideMissing(tenant, seen)
  const strategy = fenceOf(deployment) > tenant.generation ? undefined : decideStrategy(deployment)
  if (strategy) return strategy
  const at = situationOf(tenant, deployment, seen, admissions)
  const row = ROWS.find(({ when }) => when(at))!
  return row.do(at)
}

function decideMissing(tenant: Tenant, { deployment, pods }: Workloads): Decision {
  const fence = deployment ? fenceOf(deployment) : 0
  if (fence > tenant.generation) return { step: 'deployment', next: 'reread', fence }
  if (deployment) return wait('deployment', 'DeploymentTerminating', 'the old Deployment is being deleted')
  // Else two databases would write to one volume.
  if (livePods(pods).length > 0) return wait('stop', 'PodTerminating', 'the old pod is still ending')
  return act('deployment', applied(renderDeployment(tenant), undefined))
}

/** One as Helm's original chart makes it, or another hand, becomes Recreate. That starts no pod. Undefined: it is. */
export function decideStrategy({ metadata, spec }: V1Deployment): Decision | undefined {
  if (spec?.strategy?.type === 'Recreate') return undefined
  const { name, resourceVersion } = metadata as { name: string; resourceVersion: string }
  return act('deployment', { do: 'set-recreate', name, resourceVersion })
}
