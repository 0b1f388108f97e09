import type { V1Deployment } from '@kubernetes/client-node'
import { renderDeployment, renderDeploymentKeeping } from '../../manifests/deployment.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { differences } from '../../manifests/differences.ts'
import { essential, notedOn, templateChanges } from '../decide/admission.ts'
import { fenceOf } from '../decide/replica-sets.ts'
import type { Reason } from '../record/plan.ts'
import type { Change } from './plan.ts'

/**
 * What policies of the cluster make of the Deployment of a change, as fields. `template`: of the pod template, sizes aside, so that a
 * new pod is due. `essential`: none may change these. `others`: they stay as the policies have them. `unknown`: a webhook takes no
 * dry runs.
 */
export type Rewriting =
  | { template: readonly string[]; essential: readonly string[]; others: readonly string[] }
  | 'unknown'

/** The Deployment as the change would write it. */
export function changedDeployment(userId: string, { from, to }: Change, live: V1Deployment): V1Deployment {
  const generation = fenceOf(live) + 1
  const tenant: Tenant = { userId, generation, running: true, deleted: false, resize: 'inPlace', desired: to }
  return from.templateRevision === to.templateRevision
    ? renderDeploymentKeeping(tenant, live)
    : renderDeployment(tenant)
}

/** @param stored what a dry run of it has shown; undefined: none could be made */
export function rewritingOf(live: V1Deployment, changed: V1Deployment, stored: V1Deployment | undefined): Rewriting {
  if (stored === undefined) return 'unknown'
  const fields = differences(stored, changed)
  const never = essential(fields)
  const known = new Set([...never, ...notedOn(live)])
  return {
    template: templateChanges(live, stored),
    essential: never,
    others: fields.filter((field) => !known.has(field)),
  }
}

/** What no policy may change, and one would. */
export function rewritingObstacles(rewriting: Rewriting | undefined): Reason[] {
  if (rewriting === undefined || rewriting === 'unknown' || rewriting.essential.length === 0) return []
  return [{ code: 'NotAccepted', message: `a policy of the cluster would change ${rewriting.essential.join(', ')}` }]
}

/** Why a policy lets no change be made in place. A template that cannot be foreseen can be tried, but nothing can be promised. */
export function rewritingReasons(rewriting: Rewriting | undefined): Reason[] {
  if (rewriting === undefined || rewriting === 'unknown' || rewriting.template.length === 0) return []
  const fields = rewriting.template.join(', ')
  return [{ code: 'TemplateRewritten', message: `a policy of the cluster changes ${fields}, which takes a new pod` }]
}

export const NOT_FORESEEN: Reason = {
  code: 'NotForeseen',
  message: 'a webhook of the cluster takes no dry runs, so nobody can say whether it will have the database restarted',
}

/** What stays as policies have it. */
export function rewritingNotes(rewriting: Rewriting | undefined): Reason[] {
  if (rewriting === undefined || rewriting === 'unknown' || rewriting.others.length === 0) return []
  return [{ code: 'Rewritten', message: `a policy of the cluster changes ${rewriting.others.join(', ')}` }]
}
