import type { V1Service } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor, selectorLabels } from './labels.ts'
import { DATABASE_PORT_NAME, namesFor } from './names.ts'

/** The tenant's address inside the cluster; it outlives suspension and deletion, so that the ClusterIP stays. */
export function renderService({ userId, desired }: Tenant): V1Service {
  const { namespace, fullname } = namesFor(userId)
  const { type, port, annotations } = desired.options.service
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: fullname,
      namespace,
      labels: labelsFor(userId),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      type,
      ports: [{ name: DATABASE_PORT_NAME, port, targetPort: DATABASE_PORT_NAME, protocol: 'TCP' }],
      selector: selectorLabels(userId),
    },
  }
}
