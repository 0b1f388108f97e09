import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { KubeConfig } from '@kubernetes/client-node'

/** A call as it has come to the proxy. */
export type ProxiedCall = {
  method: string
  path: string
  query: URLSearchParams
  body: Buffer
  /** The whole address at the API server. */
  url: string
  /** Sends it on. @returns the API server's answer, of which nothing has been read */
  send(): Promise<IncomingMessage>
  /** Gives an answer of the API server to the caller. */
  pass(from: IncomingMessage): void
  answer: ServerResponse
}

/**
 * A proxy before the API server, in which `handle` decides on each call. What it throws closes the caller's connection, as where an
 * end went away.
 * @param kubeconfig with a token; the connection to the proxy is plain HTTP on this machine
 */
export async function startApiProxy(kubeconfig: string, handle: (call: ProxiedCall) => Promise<void>) {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const { server: upstream, caData } = config.getCurrentCluster()!
  const agent = new Agent({ keepAlive: true, ...(caData ? { ca: Buffer.from(caData, 'base64') } : {}) })
  const folder = await mkdtemp(join(tmpdir(), 'api-proxy-'))

  async function callOf(incoming: IncomingMessage, answer: ServerResponse): Promise<ProxiedCall> {
    const { method, url, headers } = incoming
    const body = await buffer(incoming)
    const [path = '', query] = url!.split('?')
    const send = async () => {
      const { host: _, ...passed } = headers
      const outgoing = request(upstream + url, { method: method!, headers: passed, agent })
      // A watch that is given up ends at the API server too.
      answer.on('close', () => outgoing.destroy())
      outgoing.end(body)
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
      return response
    }
    const pass = (from: IncomingMessage) => {
      answer.writeHead(from.statusCode!, from.headers)
      // A watch that has nothing to tell yet has been accepted all the same.
      answer.flushHeaders()
      from.pipe(answer)
      from.on('error', () => answer.destroy())
    }
    return { method: method!, path, query: new URLSearchParams(query), body, url: upstream + url, send, pass, answer }
  }

  const server = createServer((incoming, answer) => {
    callOf(incoming, answer)
      .then(handle)
      .catch(() => answer.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const file = join(folder, 'kubeconfig')
  await writeFile(file, throughProxy(config, (server.address() as AddressInfo).port), { mode: 0o600 })
  return {
    /** The same account by way of this proxy. */
    kubeconfig: file,
    /** Closes every connection that is open. */
    reset: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function throughProxy(config: KubeConfig, port: number): string {
  const through = new KubeConfig()
  const cluster = { name: 'proxy', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }
  through.loadFromClusterAndUser(cluster, config.getCurrentUser()!)
  return through.exportConfig()
}
