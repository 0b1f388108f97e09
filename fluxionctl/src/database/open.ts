import type { Tenant } from '@fluxiondb/provisioner-client'
import { CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node'
import { Connection } from './connection.ts'
import { forward } from './port-forward.ts'

/** Other containers of the pod are others' own, and their Secrets no key of a database. */
const CONTAINER = 'fluxiondb'
/** `FLUXIONDB_SECRET_KEY`, or as the original chart has it. */
const KEY_VARIABLE = /^(FLUXIONDB_)?SECRET_KEY$/

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
    const { failure } = forwarded
    throw failure === undefined ? error : new Error(`Cannot forward a port to ${pod.metadata!.name}: ${failure}.`)
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
  const variable = databaseOf(pod)?.env?.find(({ name }) => KEY_VARIABLE.test(name))
  const reference = variable?.valueFrom?.secretKeyRef
  if (!reference) throw new Error('The database is not given its key by a Secret.')
  const { name, key } = reference
  const { namespace } = pod.metadata!
  const secret = await allowed('read its Secret', core.readNamespacedSecret({ name: name!, namespace: namespace! }))
  return Buffer.from(secret.data?.[key] ?? '', 'base64').toString()
}

const databaseOf = (pod: V1Pod) => pod.spec!.containers.find(({ name }) => name === CONTAINER)

/** A Service may have another port than its pod. */
const targetPort = (pod: V1Pod, port: number) => databaseOf(pod)?.ports?.[0]?.containerPort ?? port

type Refusal = { code?: number; message: string; cause?: { code?: string; message?: string } }

/** Tells what could not be done, as the words of a refusal do not say it, and those of `fetch` not why. */
async function allowed<T>(what: string, call: Promise<T>): Promise<T> {
  return call.catch(({ code, message, cause }: Refusal) => {
    const why = code === 403 ? 'your kubeconfig does not allow it' : (code ?? cause?.code ?? cause?.message ?? message)
    throw new Error(`Cannot ${what}: ${why}.`)
  })
}
