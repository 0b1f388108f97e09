import type { Desired } from '../../manifests/desired.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import type { Reason } from '../record/plan.ts'
import { formatAmount } from './amounts.ts'
import type { LocalFacts } from './plan.ts'
import { rewritingReasons } from './rewriting.ts'

/** Why other sizes cannot come to a running pod without a restart; empty if they can. */
export function inPlaceReasons(from: Desired, to: Desired, facts: LocalFacts): Reason[] {
  const { capabilities, node, nodeCannotResize, changesQos, restartDue, restartingResources, rewriting } = facts
  const shrinks = bytesOf(to.ramSize)! < bytesOf(from.ramSize)!
  const reasons: Reason[] = []
  const add = (code: string, message: string) => reasons.push({ code, message })
  if (restartDue) add('RestartUnderWay', 'a restart is under way and cannot be called back')
  if (!capabilities.resizePods) {
    add('ResizeNotAvailable', 'the cluster does not let this service resize a running pod')
  } else if (shrinks && !capabilities.shrinkPods) {
    add('ShrinkNotAvailable', 'less memory without a restart needs Kubernetes 1.34')
  } else if (nodeCannotResize) {
    add('ResizeNotAvailable', 'the node of the pod is older than Kubernetes 1.33')
  }
  if (restartingResources.length > 0) {
    const names = restartingResources.join(' and ')
    add('RestartPolicy', `the resizePolicy of the pod has its container restarted when ${names} changes`)
  }
  if (changesQos) {
    const message =
      'the pod would be of another quality-of-service class (Guaranteed or not), which only a new pod can be'
    add('QosClass', message)
  }
  if (node && !node.ever) {
    const [memory, cpu] = [formatAmount('memory', node.memory), formatAmount('cpu', node.cpu)]
    add('NodeTooSmall', `the node of the pod has ${memory} of memory and ${cpu} of CPU for pods in all`)
  }
  return [...reasons, ...rewritingReasons(rewriting)]
}
