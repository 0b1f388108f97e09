import type { V1Container, V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import { type Amounts, amountsOf, greatest, sum } from './amounts.ts'

type Kind = 'requests' | 'limits'

/**
 * What a pod asks for in all, summed up as the scheduler and quotas do it (k8s.io/component-helpers/resource): containers and
 * sidecars together, but at least what each init container needs; and for a pod whose size is being changed, the larger one.
 */
export function requestsOf(pod: V1Pod): Amounts {
  return sum(ofContainers(pod, 'requests'), amountsOf(pod.spec?.overhead))
}

/** The same of its limits. Overhead counts only where there is a limit. */
export function limitsOf(pod: V1Pod): Amounts {
  const limits = ofContainers(pod, 'limits')
  const overhead = Object.entries(amountsOf(pod.spec?.overhead)).filter(([name]) => (limits[name] ?? 0n) > 0n)
  return sum(limits, Object.fromEntries(overhead))
}

/** A container of `initContainers` that goes on running beside the others. */
export const isSidecar = ({ restartPolicy }: V1Container) => restartPolicy === 'Always'

function ofContainers(pod: V1Pod, kind: Kind): Amounts {
  const { containers = [], initContainers = [], resources } = pod.spec ?? {}
  const amounts = (container: V1Container) => inForce(pod, container, kind)
  let sidecars: Amounts = {}
  let starting: Amounts = {}
  for (const container of initContainers) {
    // An init container runs beside the sidecars that come before it.
    const own = isSidecar(container) ? amounts(container) : amountsOf(container.resources?.[kind])
    const beside = sum(sidecars, own)
    if (isSidecar(container)) sidecars = beside
    starting = greatest(starting, beside)
  }
  const running = sum(...containers.map(amounts), sidecars)
  // Sizes of the pod as a whole take the place of those of its containers.
  return { ...greatest(running, starting), ...ofPod(amountsOf(resources?.[kind])) }
}

function inForce(pod: V1Pod, { name, resources }: V1Container, kind: Kind): Amounts {
  const asked = amountsOf(resources?.[kind])
  const status = statusOf(pod, name)
  if (status?.resources === undefined) return asked
  const reported = amountsOf(status.resources[kind])
  const allocated = kind === 'requests' ? amountsOf(status.allocatedResources) : {}
  return greatest(reported, allocated, isInfeasible(pod) ? {} : asked)
}

function statusOf({ status }: V1Pod, name: string): V1ContainerStatus | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
  return all.find((one) => one.name === name)
}

/** The node has said that the pod can never have what it asks for. */
function isInfeasible({ status }: V1Pod): boolean {
  return status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible'
}

function ofPod(amounts: Amounts): Amounts {
  const counts = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => counts(name)))
}
