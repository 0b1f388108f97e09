import type { V1NetworkPolicy } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor, selectorLabels } from './labels.ts'
import { DATABASE_PORT, namesFor } from './names.ts'

/** In to the database's port and nothing else; out to DNS and nothing else. Undefined where the tenant does without. */
export function renderNetworkPolicy({ userId, desired }: Tenant): V1NetworkPolicy | undefined {
  if (!desired.networkPolicy) return undefined
  const { namespace, fullname } = namesFor(userId)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: fullname, namespace, labels: labelsFor(userId) },
    spec: {
      podSelector: { matchLabels: selectorLabels(userId) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: DATABASE_PORT }] }],
      egress: [
        {
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ],
    },
  }
}
