import type { V1Node, V1NodeSelector, V1PodSpec, V1Taint, V1Toleration } from '@kubernetes/client-node'
import { compareIntegers, selects } from './node-selector.ts'

/** What the controller puts on a cordoned node, and the scheduler also sees without it. */
const CORDON: V1Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
const KEEPS_OFF = ['NoSchedule', 'NoExecute']

/**
 * Why a new pod could not be put on a node and start there, whatever room it has, as kube-scheduler judges: the end of a sentence
 * about the node. Undefined: it could.
 * @param reach from where its bound volume can be reached, if that is not from everywhere
 */
export function whyNotOn(node: V1Node, pod: V1PodSpec, reach: V1NodeSelector | undefined): string | undefined {
  const tolerations = pod.tolerations ?? []
  const { unschedulable, taints = [] } = node.spec ?? {}
  if (unschedulable && !isTolerated(CORDON, tolerations)) return 'cordoned'
  if (!isReady(node)) return 'not ready'
  const taint = taints.find((one) => KEEPS_OFF.includes(one.effect) && !isTolerated(one, tolerations))
  if (taint) return `tainted ${shown(taint)}`
  if (!hasLabels(node, pod.nodeSelector ?? {})) return 'without the labels of the node selector'
  const affinity = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (affinity && !selects(affinity, node)) return 'outside the node affinity'
  if (reach && !selects(reach, node)) return 'out of reach of the volume'
  return undefined
}

/** What a scheduler goes by besides, and that is not judged here: such a pod may find no node all the same. */
export function unjudged({ affinity, topologySpreadConstraints, schedulerName, ...pod }: V1PodSpec): string[] {
  const hostPorts = pod.containers.some(({ ports }) => ports?.some(({ hostPort }) => hostPort))
  return [
    affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length && 'pod affinity',
    affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length && 'pod anti-affinity',
    topologySpreadConstraints?.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule') &&
      'topology spread',
    pod.resourceClaims?.length && 'resource claims',
    pod.schedulingGates?.length && 'scheduling gates',
    hostPorts && 'host ports',
    schedulerName && schedulerName !== 'default-scheduler' && `the scheduler ${schedulerName}`,
  ].filter((one) => typeof one === 'string')
}

function isTolerated(taint: V1Taint, tolerations: readonly V1Toleration[]): boolean {
  return tolerations.some((one) => tolerates(one, taint))
}

function tolerates({ key, operator, value, effect }: V1Toleration, taint: V1Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  switch (operator || 'Equal') {
    case 'Equal':
      return (value ?? '') === (taint.value ?? '')
    case 'Exists':
      return true
    case 'Lt':
      return compareIntegers(taint.value, value, (a, b) => a < b)
    case 'Gt':
      return compareIntegers(taint.value, value, (a, b) => a > b)
    default:
      return false
  }
}

/** A node without a kubelet that reports starts nothing, whatever the pod tolerates. */
function isReady({ status }: V1Node): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
}

function hasLabels({ metadata }: V1Node, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => metadata?.labels?.[key] === value)
}

const shown = ({ key, value, effect }: V1Taint) => `${key}${value ? `=${value}` : ''}:${effect}`
