import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
import { DATABASE_SELECTOR } from '../src/manifests/labels.ts'
import { DATABASE_PORT, namesFor } from '../src/manifests/names.ts'
import { type Forwarded, forward } from './port-forward.ts'
import { connect, type Database } from './stand-in/client.ts'

/**
 * Connects to a tenant's database through a port-forward, as an administrator of the cluster with the tenant's key.
 * Closing the database closes the forward too.
 * @throws ConnectError, with status 401 for a wrong key
 */
export async function openDatabase(kubeconfig: string, userId: string, key: string): Promise<Database> {
  const { host } = namesFor(userId)
  const forwarded = await forwardDatabase(kubeconfig, userId)
  try {
    const database = await connect({ url: `ws://${host}:${DATABASE_PORT}`, key, port: forwarded.port })
    database.onClose(() => void forwarded.close())
    return database
  } catch (error) {
    await forwarded.close()
    throw error
  }
}

/** Forwards a free local port to a tenant's database, to whichever pod it has when a connection is opened. */
export function forwardDatabase(kubeconfig: string, userId: string): Promise<Forwarded> {
  const { namespace } = namesFor(userId)
  return forward(kubeconfig, namespace, () => podOf(kubeconfig, namespace), DATABASE_PORT)
}

async function podOf(kubeconfig: string, namespace: string): Promise<string> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({
    namespace,
    labelSelector: DATABASE_SELECTOR,
  })
  const pod = items.find(({ metadata }) => metadata?.deletionTimestamp === undefined)
  if (!pod?.metadata?.name) throw new Error(`no database pod runs in ${namespace}`)
  return pod.metadata.name
}
