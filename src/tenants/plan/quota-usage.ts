import type { V1PersistentVolumeClaim, V1Pod, V1ResourceRequirements, V1Service } from '@kubernetes/client-node'
import { type Amounts, amountsOf, greatest, ONE } from './amounts.ts'
import { limitsOf, requestsOf } from './pod-amounts.ts'

/** What quotas charge for objects, by the names of their rows: Kubernetes' pkg/quota/v1/evaluator/core. */

export function podUsage(pod: V1Pod): Amounts {
  return { pods: ONE, ...countOf('pods'), ...rowsFor(requestsOf(pod), limitsOf(pod)) }
}

export function claimUsage({ spec, status }: V1PersistentVolumeClaim): Amounts {
  // A volume that is growing counts as large as it has been asked to grow.
  const { storage = 0n } = greatest(amountsOf(spec?.resources?.requests), amountsOf(status?.allocatedResources))
  const rows = { persistentvolumeclaims: ONE, 'requests.storage': storage }
  return { ...countOf('persistentvolumeclaims'), ...rows, ...ofClass(spec?.storageClassName, rows) }
}

export function serviceUsage({ spec }: Pick<V1Service, 'spec'>): Amounts {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec ?? {}
  const isBalanced = type === 'LoadBalancer'
  const onNodes =
    isBalanced && allocateLoadBalancerNodePorts === false
      ? ports.filter(({ nodePort }) => nodePort)
      : isBalanced || type === 'NodePort'
        ? ports
        : []
  return {
    ...countOf('services'),
    services: ONE,
    'services.loadbalancers': isBalanced ? ONE : 0n,
    'services.nodeports': BigInt(onNodes.length) * ONE,
  }
}

/** @param resource in its plural, with its group if it has one, such as `replicasets.apps` */
export function countOf(resource: string): Amounts {
  return { [`count/${resource}`]: ONE }
}

/** The rows of CPU and memory that a container has no amount for: a quota with such a row refuses its pod. */
export function rowsWithout({ requests, limits }: V1ResourceRequirements = {}): string[] {
  const has = rowsFor(amountsOf(requests), amountsOf(limits))
  return EVERY_CONTAINER.filter((row) => !(row in has))
}

const EVERY_CONTAINER = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']
const OF_PODS = ['cpu', 'memory', 'ephemeral-storage']

function rowsFor(requests: Amounts, limits: Amounts): Amounts {
  const requested = Object.entries(requests).flatMap(([name, amount]): [string, bigint][] => {
    if (OF_PODS.includes(name) || name.startsWith('hugepages-')) return both(name, amount)
    return name.includes('/') ? [[`requests.${name}`, amount]] : []
  })
  const limited = Object.entries(limits)
    .filter(([name]) => OF_PODS.includes(name))
    .map(([name, amount]): [string, bigint] => [`limits.${name}`, amount])
  return Object.fromEntries([...requested, ...limited])
}

const both = (name: string, amount: bigint): [string, bigint][] => [
  [name, amount],
  [`requests.${name}`, amount],
]

function ofClass(name: string | undefined, rows: Amounts): Amounts {
  if (!name) return {}
  const prefix = `${name}.storageclass.storage.k8s.io/`
  return Object.fromEntries(Object.entries(rows).map(([row, amount]) => [prefix + row, amount]))
}
