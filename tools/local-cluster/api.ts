import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { parse } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: whatever the API server answers; its readers look at a field or two
type Answer = { status: number; body: Record<string, any> }

/**
 * One GET of the API server with the credentials of a kubeconfig. Answers undefined while the server cannot be reached.
 * @kubernetes/client-node takes a second to load, too long for a look at the cluster's health.
 */
export async function get(kubeconfig: string, path: string): Promise<Answer | undefined> {
  const { cluster, user } = await credentials(kubeconfig)
  const options = {
    ca: decoded(cluster, 'certificate-authority-data'),
    cert: decoded(user, 'client-certificate-data'),
    key: decoded(user, 'client-key-data'),
    headers: { accept: 'application/json' },
    timeout: 2000,
    agent: false as const,
  }
  return new Promise((resolve) => {
    const call = request(new URL(path, cluster.server), options, async (response) => {
      const body = await json(response).catch(() => ({})) // health checks answer in plain text
      resolve({ status: response.statusCode ?? 0, body: body as Answer['body'] })
    })
    call.on('timeout', () => call.destroy(new Error('timeout')))
    call.on('error', () => resolve(undefined))
    call.end()
  })
}

export async function isReady(kubeconfig: string): Promise<boolean> {
  return (await get(kubeconfig, '/readyz'))?.status === 200
}

/** Whether all nodes say that they are Ready; false if there are none. */
export async function nodesReady(kubeconfig: string): Promise<boolean> {
  const nodes: Answer['body'][] = (await get(kubeconfig, '/api/v1/nodes'))?.body.items ?? []
  const ready = (node: Answer['body']) =>
    node.status.conditions?.some((c: Record<string, string>) => c.type === 'Ready' && c.status === 'True')
  return nodes.length > 0 && nodes.every(ready)
}

async function credentials(kubeconfig: string) {
  const config = parse(await readFile(kubeconfig, 'utf8'))
  return { cluster: config.clusters[0].cluster, user: config.users[0].user }
}

function decoded(entry: Record<string, string>, field: string): Buffer | undefined {
  return entry[field] === undefined ? undefined : Buffer.from(entry[field], 'base64')
}
