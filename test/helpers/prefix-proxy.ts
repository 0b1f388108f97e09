import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { KubeConfig } from '@kubernetes/client-node'
import type { Test } from 'tap'

/** As Rancher's are. */
const PREFIX = '/k8s/clusters/c-m-test1234'

/**
 * The API server behind a path, as Rancher has it, until the end of `t`: what does not come under the prefix is answered 404.
 * @param kubeconfig with a token, and the certificate authority as data
 * @returns a kubeconfig for the same account by way of this proxy, which speaks plain HTTP on this machine
 */
export async function startPrefixProxy(t: Test, kubeconfig: string, prefix = PREFIX) {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const { server: upstream, caData } = config.getCurrentCluster()!
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(caData!, 'base64') })

  async function pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method, url, headers } = incoming
    if (!url!.startsWith(`${prefix}/`)) return void answer.writeHead(404).end('<html>Not Found</html>')
    const { host: _, ...passed } = headers
    const outgoing = request(upstream + url!.slice(prefix.length), { method: method!, headers: passed, agent })
    // A watch that is given up ends at the API server too.
    answer.once('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    answer.writeHead(response.statusCode!, response.headers)
    // A watch that has nothing to tell yet has been accepted all the same.
    answer.flushHeaders()
    await pipeline(response, answer)
  }

  const proxy = createServer((incoming, answer) => {
    // One end went away: the other is told by a closed connection, as without a proxy.
    pass(incoming, answer).catch(() => answer.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'prefix-proxy-'))
  t.teardown(async () => {
    proxy.closeAllConnections()
    proxy.close()
    agent.destroy()
    await rm(folder, { recursive: true })
  })

  const through = new KubeConfig()
  const server = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`
  through.loadFromClusterAndUser({ name: 'proxy', server, skipTLSVerify: true }, config.getCurrentUser()!)
  const file = join(folder, 'kubeconfig')
  await writeFile(file, through.exportConfig(), { mode: 0o600 })
  return { kubeconfig: file, prefix }
}
