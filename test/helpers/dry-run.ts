import { once } from 'node:events'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { KubernetesObject } from '@kubernetes/client-node'
import type { TestCluster } from './cluster.ts'

/** Where objects of a kind are; in the namespace `namespace`, but for namespaces. */
const COLLECTIONS: Record<string, (namespace: string) => string> = {
  Namespace: () => '/api/v1/namespaces',
  ...inNamespace('/api/v1', {
    Secret: 'secrets',
    ConfigMap: 'configmaps',
    PersistentVolumeClaim: 'persistentvolumeclaims',
    Pod: 'pods',
    ResourceQuota: 'resourcequotas',
    Service: 'services',
  }),
  ...inNamespace('/apis/apps/v1', { Deployment: 'deployments' }),
  ...inNamespace('/apis/networking.k8s.io/v1', { Ingress: 'ingresses', NetworkPolicy: 'networkpolicies' }),
  ...inNamespace('/apis/rbac.authorization.k8s.io/v1', { RoleBinding: 'rolebindings' }),
}

/**
 * Has the API server judge an object as if it were applied to `namespace`, every unknown field an error. Not with the typed
 * client: that leaves out what it does not know.
 * @returns its status, what it says of a refusal, and its warnings
 */
export async function dryRun({ admin }: TestCluster, object: KubernetesObject, namespace: string) {
  const { kind, metadata } = object
  const query = 'dryRun=All&fieldValidation=Strict&fieldManager=test&force=true'
  const path = `${COLLECTIONS[kind!]!(namespace)}/${metadata!.name}?${query}`
  const options = { method: 'PATCH', headers: { 'content-type': 'application/apply-patch+yaml' } }
  await admin.config.applyToHTTPSOptions(options)
  const asked = request(admin.config.getCurrentCluster()!.server + path, options)
  asked.end(JSON.stringify(metadata?.namespace ? { ...object, metadata: { ...metadata, namespace } } : object))
  const [answer] = await once(asked, 'response')
  const { message } = JSON.parse(await text(answer)) as { message?: string }
  return { status: answer.statusCode as number, message, warnings: answer.headers.warning as string | undefined }
}

function inNamespace(api: string, resources: Record<string, string>): typeof COLLECTIONS {
  const entries = Object.entries(resources).map(([kind, resource]) => [
    kind,
    (namespace: string) => `${api}/namespaces/${namespace}/${resource}`,
  ])
  return Object.fromEntries(entries)
}
