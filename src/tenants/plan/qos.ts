import type { V1Container, V1Pod } from '@kubernetes/client-node'
import type { Desired } from '../../manifests/desired.ts'
import { amountsOf } from './amounts.ts'
import { resizedPod } from './next-pod.ts'

/**
 * Whether a pod would be of another quality-of-service class with these sizes: Guaranteed only if every container, those of
 * `initContainers` too, asks for exactly its limits. Kubernetes refuses to resize a pod into another class.
 */
export function changesQos(pod: V1Pod, desired: Desired): boolean {
  const { qosClass } = pod.status ?? {}
  if (qosClass === undefined) return false
  const { containers, initContainers = [], resources } = resizedPod(pod, desired).spec!
  // Sizes of the pod as a whole take the place of those of its containers.
  const sized = resources ? [{ resources }] : [...containers, ...initContainers]
  return sized.every(isExact) !== (qosClass === 'Guaranteed')
}

function isExact({ resources }: Pick<V1Container, 'resources'>): boolean {
  const [requests, limits] = [amountsOf(resources?.requests), amountsOf(resources?.limits)]
  return ['cpu', 'memory'].every((name) => (limits[name] ?? 0n) > 0n && limits[name] === requests[name])
}
