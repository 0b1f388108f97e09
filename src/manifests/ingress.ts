import type { V1Ingress } from '@kubernetes/client-node'
import type { Tenant } from './desired.ts'
import { labelsFor } from './labels.ts'
import { namesFor } from './names.ts'

/** A client stays connected for as long as it likes; ingress-nginx would end a WebSocket that is quiet for a minute. */
const LONG_CONNECTIONS = {
  'nginx.ingress.kubernetes.io/proxy-read-timeout': '86400',
  'nginx.ingress.kubernetes.io/proxy-send-timeout': '86400',
}

/** The tenant's address outside the cluster. Undefined where it has none, and once it is deleted: nobody shall get in. */
export function renderIngress({ userId, desired, deleted }: Tenant): V1Ingress | undefined {
  const { enabled, className, annotations, hosts, tls } = desired.options.ingress
  const { port } = desired.options.service
  if (!enabled || deleted) return undefined
  const { namespace, fullname } = namesFor(userId)
  const backend = { service: { name: fullname, port: { number: port } } }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: fullname,
      namespace,
      labels: labelsFor(userId),
      annotations: { ...LONG_CONNECTIONS, ...annotations },
    },
    spec: {
      ...(className === null ? {} : { ingressClassName: className }),
      rules: hosts.map(({ host, paths }) => ({
        host,
        http: { paths: paths.map(({ path, pathType }) => ({ path, pathType, backend })) },
      })),
      ...(tls.length === 0 ? {} : { tls }),
    },
  }
}
