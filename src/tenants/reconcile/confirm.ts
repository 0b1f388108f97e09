import type { V1Deployment } from '@kubernetes/client-node'
import { type Resource, resourceOf } from '../../kubernetes/watch/resources.ts'
import type { Act, Decision } from '../decide/decide.ts'
import type { Spec } from '../record/spec.ts'

/**
 * What must be read anew before a decision is carried out. The watches tell of one resource after the other, and what they have told
 * may be old. Mostly that does no harm, as every write is refused if its object has changed since; but a database could be restarted,
 * or two be on one volume, for a change that was made or taken back in another object; and the end of an operation is told only once.
 * The order counts: of what is read later nothing is older, so what was written for a newer record is never taken for a deviation
 * from an older one.
 * @param isOverdue whether the operation is about to be given up
 * @param hasEarlier whether what is known is partly that of an earlier tenant of the same name
 * @param hasLater whether something is there that was made after the operation had begun: the record could be that of an earlier tenant
 */
export function restsOn(
  decision: Decision,
  { operation, prepared }: Spec,
  { isOverdue = false, hasEarlier = false, hasLater = false },
): readonly Resource[] {
  if (isOverdue) return ALL
  const isNew = operation.type === 'create' && operation.state === 'running' && prepared === null && !hasEarlier
  if (decision.next === 'act') {
    // Nothing can be in a namespace that has just been made for it, as long as its record is the one that made it.
    const resources = decision.acts.flatMap((act) => actRestsOn(act, isNew))
    return [
      ...new Set(hasLater && decision.acts.some(isOnExisting) ? [...resources, 'namespaces' as const] : resources),
    ]
  }
  const isEnd = decision.next !== 'wait' && decision.next !== 'reread'
  if (operation.state !== 'running' || !isEnd) return []
  // All objects of a new tenant are new: an older look at them is one at less.
  if (decision.next === 'done') return operation.type === 'create' && !hasEarlier ? [] : ['deployments', 'pods']
  return ALL
}

const ALL = ['replicaSets', 'deployments', 'pods', 'namespaces'] as const

const isOnExisting = (act: Act) =>
  act.do !== 'dry-run' && (('resourceVersion' in act && act.resourceVersion !== undefined) || 'uid' in act)

/** The object that is written counts too where its controller's view of it decides. */
function actRestsOn(act: Act, isEmpty: boolean): readonly Resource[] {
  switch (act.do) {
    case 'commit':
      // Where it has been done and the watch is late, it would be done again and again.
      return ['namespaces']
    case 'resize-pod':
      // A pod has no fence: an older record would take a newer size back.
      return ['deployments', 'pods', 'namespaces']
    case 'correct-count':
      // A pod that has gone would be counted, and its successor be refused for minutes.
      return ['pods']
    case 'patch-replica-set':
    case 'delete-replica-set':
      return ['replicaSets', 'deployments']
    case 'apply':
      if (act.object.kind === 'Deployment') return deploymentRestsOn(act, isEmpty)
      // One without our labels is not watched, and may be there: as of a Helm release, or after a hand has taken them off. And the
      // namespace may be that of another tenant by now, made when this one had been purged.
      return act.resourceVersion === undefined && !isEmpty ? [resourceOf(act.object.kind!)!, 'namespaces'] : []
    default:
      return []
  }
}

function deploymentRestsOn({ object, resourceVersion }: Act & { do: 'apply' }, isEmpty: boolean): readonly Resource[] {
  // Two pods, of the old one and of the new one, would be on one volume. Nor may a process that was stopped for a while make anew, for an
  // older record, what another one has made and changed since.
  if (resourceVersion === undefined) return isEmpty ? ['namespaces'] : ['deployments', 'pods', 'namespaces']
  // One that stops a database concerns nothing but itself.
  return (object as V1Deployment).spec?.replicas === 0 ? [] : ['replicaSets', 'pods']
}
