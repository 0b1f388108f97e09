import type { V1Pod } from '@kubernetes/client-node'
import { dryRunIfTaken } from '../../kubernetes/apply.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound } from '../../kubernetes/errors.ts'
import { renderDeploymentKeeping } from '../../manifests/deployment.ts'
import { DATABASE_SELECTOR } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import { isTerminating, livePods } from '../observe/observed.ts'
import { dryRunPod } from '../options/dry-run.ts'
import { limitsIn } from '../plan/facts.ts'
import { startObstacles } from '../plan/refusals.ts'
import { rewritingObstacles, rewritingOf } from '../plan/rewriting.ts'
import { type Spec, tenantOf } from '../record/spec.ts'
import type { TenantContext } from './context.ts'
import { refuseObstacles } from './resize.ts'

/**
 * Has the cluster judge the Deployment of a tenant that is to stop or to start, before that is recorded.
 * @param to the record as it would be
 * @throws Problem, KubernetesError: a policy would not have it, or the cluster does not answer
 */
export async function dryRunState({ apis, cache, capabilities, defaults }: TenantContext, to: Spec): Promise<void> {
  const { namespace, fullname: name } = namesFor(to.userId)
  const live =
    cache.get('deployments', name, namespace) ??
    (await ignoreNotFound(apis.apps.readNamespacedDeployment({ name, namespace })))
  if (live === undefined || isTerminating(live)) return
  const tenant = tenantOf(to, await capabilities())
  const changed = renderDeploymentKeeping(tenant, live)
  if (tenant.running) {
    const [limits, others] = await Promise.all([limitsIn(apis, namespace), othersIn(apis, namespace)])
    refuseObstacles(startObstacles(limits, changed.spec!.template as V1Pod, others))
    await dryRunPod(apis, defaults.scratchNamespace, to.userId, to.desired)
  }
  refuseObstacles(rewritingObstacles(rewritingOf(live, changed, await dryRunIfTaken(apis, changed))))
}

/** The pods that stay: those of the database end before the next one starts. */
async function othersIn({ core }: Apis, namespace: string): Promise<readonly V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: NOT_OF_DATABASE })
  return livePods(items)
}

const NOT_OF_DATABASE = DATABASE_SELECTOR.replace('=', '!=')
