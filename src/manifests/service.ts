import type { V1Service } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor, selectorLabels } from './labels.ts'
import { DATABASE_PORT, DATABASE_PORT_NAME, namesFor } from './names.ts'

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
      // By number, as the port of a pod that was taken over from Helm may have another name.
      ports: [{ name: DATABASE_PORT_NAME, port, targetPort: DATABASE_PORT, protocol: 'TCP' }],
      selector: selectorLabels(userId),
    },
  }
}

/**
 * The same with the name that its only port has by now: under another one it would lead nowhere until kube-proxy has both the
 * Service and its endpoints anew.
 */
export function renderServiceKeeping(tenant: Tenant, live: V1Service | undefined): V1Service {
  const rendered = renderService(tenant)
  const [port, ...others] = live?.spec?.ports ?? []
  if (port?.name === undefined || others.length > 0) return rendered
  const ports = rendered.spec!.ports!.map((one) => ({ ...one, name: port.name! }))
  return { ...rendered, spec: { ...rendered.spec, ports } }
}
