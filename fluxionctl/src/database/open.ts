import type { Tenant } from '@fluxiondb/provisioner-client'
import { CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node'
import { Connection } from './connection.ts'
import { forward } from './port-forward.ts'

/** A connection, and what ends it with the port-forward under it. */
export type Opened = { connection: Connection; close: () => Promise<void> }

/**
 * Connects to a tenant's database as a person with a kubeconfig: to its pod by a port-forward, with the key that its pod has.
 * @throws Error that says what that person may not do, or that no pod runs
 */
export async function openDatabase(config: KubeConfig, tenant: Tenant): Promise<Opened> {
  const core = config.makeApiClient(CoreV1Api)
  const pod = await podOf(core, tenant)
  const key = await keyOf(core, pod)
  const { port } = tenant.endpoints.internal
  const forwarded = await forward(config, tenant.namespace, async () => pod.metadata!.name!, targetPort(pod, port))
  try {
    const connection = await Connection.open(forwarded.port, key)
    return { connection, close: forwarded.close }
  } catch (error) {
    await forwarded.close()
    throw error
  }
}

/** The pod behind the Service; a release that was taken over has labels of its own. */
async function podOf(core: CoreV1Api, { namespace, endpoints }: Tenant): Promise<V1Pod> {
  const [name] = endpoints.internal.host.split('.')
  const { spec } = await allowed('read the Service', core.readNamespacedService({ name: name!, namespace }))
  const labelSelector = Object.entries(spec?.selector ?? {})
    .map(([label, value]) => `${label}=${value}`)
    .join(',')
  const { items } = await allowed('list pods', core.listNamespacedPod({ namespace, labelSelector }))
  const pod = items.find(({ metadata, status }) => !metadata?.deletionTimestamp && status?.phase === 'Running')
  if (!pod) throw new Error('No database runs there now: fluxionctl diagnose says why.')
  return pod
}

async function keyOf(core: CoreV1Api, pod: V1Pod): Promise<string> {
  const references = pod.spec!.containers.flatMap(({ env = [] }) => env.map((one) => one.valueFrom?.secretKeyRef))
  const reference = references.find((one) => one?.name !== undefined)
  if (!reference) throw new Error('The database is not given its key by a Secret.')
  const { name, key } = reference
  const { namespace } = pod.metadata!
  const secret = await allowed('read its Secret', core.readNamespacedSecret({ name: name!, namespace: namespace! }))
  return Buffer.from(secret.data?.[key] ?? '', 'base64').toString()
}

const targetPort = (pod: V1Pod, port: number) => pod.spec!.containers[0]?.ports?.[0]?.containerPort ?? port

/** Tells what could not be done, as the words of a refusal do not say it. */
async function allowed<T>(what: string, call: Promise<T>): Promise<T> {
  return call.catch((error: { code?: number; message: string }) => {
    const why = error.code === 403 ? 'your kubeconfig does not allow it' : (error.code ?? error.message)
    throw new Error(`Cannot ${what}: ${why}.`)
  })
}
