import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
import { type Forwarded, forward } from '../fluxionctl/src/database/port-forward.ts'
import { DATABASE_SELECTOR } from '../src/manifests/labels.ts'
import { DATABASE_PORT, namesFor } from '../src/manifests/names.ts'
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
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const { namespace } = namesFor(userId)
  return forward(config, namespace, () => podOf(config, namespace), DATABASE_PORT)
}

async function podOf(config: KubeConfig, namespace: string): Promise<string> {
  const core = config.makeApiClient(CoreV1Api)
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: DATABASE_SELECTOR })
  const pod = items.find(({ metadata }) => metadata?.deletionTimestamp === undefined)
  if (!pod?.metadata?.name) throw new Error(`no database pod runs in ${namespace}`)
  return pod.metadata.name
}
