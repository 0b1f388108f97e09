import type { V1NetworkPolicy, V1NetworkPolicyPort } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor, selectorLabels } from './labels.ts'
import { namesFor } from './names.ts'
import { withoutNulls } from './options.ts'

/** What may reach the database and what it may reach. Undefined where the tenant does without. */
export function renderNetworkPolicy({ userId, desired }: Tenant): V1NetworkPolicy | undefined {
  const { enabled, policyTypes, ingress, egress } = desired.options.networkPolicy
  if (!enabled) return undefined
  const { namespace, fullname } = namesFor(userId)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: fullname, namespace, labels: labelsFor(userId) },
    spec: {
      podSelector: { matchLabels: selectorLabels(userId) },
      policyTypes,
      // Rules of a direction that the policy is not about would be without effect.
      ...(policyTypes.includes('Ingress') ? { ingress: ingress.map(asStored) } : {}),
      ...(policyTypes.includes('Egress') ? { egress: egress.map(asStored) } : {}),
    },
  }
}

/** A rule as the server keeps it, so that it can be compared as a whole: a peer or port that is not asked for has to go. */
function asStored<T extends { ports?: V1NetworkPolicyPort[] }>(rule: T): T {
  const { ports, ...rest } = withoutNulls(rule)
  return { ...rest, ...(ports ? { ports: ports.map((port) => ({ protocol: 'TCP', ...port })) } : {}) } as T
}
