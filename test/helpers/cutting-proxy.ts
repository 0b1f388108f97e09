import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { KubeConfig } from '@kubernetes/client-node'
import { resourceOf } from '../../src/kubernetes/resource.ts'

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** Who one is, and what one may, is asked by a POST that writes nothing. */
const QUESTION = /^\/apis\/auth(entication|orization)\.k8s\.io\//

/** One write to the API server; the first is number 1. */
export type Write = { number: number; method: string; resource: string; path: string; body: string }

/**
 * What happens to a write. `cut`: its writer is killed when the API server has answered, and never learns of it; `hold`: it
 * does not arrive and is not answered; `until`: it arrives later; else the answer that is given in the API server's place.
 */
export type Fault = 'cut' | 'hold' | { until: Promise<unknown> } | { status: number; body: string }

export type CuttingProxy = {
  /** For the process that shall be cut off: the same account, by way of this proxy. */
  kubeconfig: string
  /** All writes that have come so far. */
  writes: readonly Write[]
  /** Kills the process under test. Set it before the write that is to be cut. */
  kill: () => void
  /** Resolves when a write was cut. From then on nothing passes any more. */
  cut: Promise<Write>
  close(): Promise<void>
}

/**
 * A fault injector between a service and the API server: lets everything pass but the writes that `faultFor` names.
 * @param kubeconfig with a token; the connection to the proxy is plain HTTP on this machine
 */
export async function startCuttingProxy(
  kubeconfig: string,
  faultFor: (write: Write) => Fault | undefined,
): Promise<CuttingProxy> {
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const { server: upstream, caData } = config.getCurrentCluster()!
  const agent = new Agent({ keepAlive: true, ...(caData ? { ca: Buffer.from(caData, 'base64') } : {}) })
  const folder = await mkdtemp(join(tmpdir(), 'cutting-proxy-'))
  const { promise: cut, resolve: onCut } = Promise.withResolvers<Write>()
  const writes: Write[] = []
  let isCut = false

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const write = writeOf(incoming, body.toString())
    const fault = write && faultFor(write)
    if (fault === 'hold') return
    if (typeof fault === 'object' && 'until' in fault) await fault.until
    if (isCut) answer.destroy()
    else if (fault === 'cut') {
      isCut = true
      await buffer((await send(incoming, body)).response)
      proxy.kill()
      answer.destroy()
      onCut(write!)
    } else if (typeof fault === 'object' && 'status' in fault) {
      answer.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body)
    } else (await send(incoming, body)).pipe(answer)
  }

  function writeOf({ method, url }: IncomingMessage, body: string): Write | undefined {
    const [path = '', query] = url!.split('?')
    const isDryRun = new URLSearchParams(query).has('dryRun')
    if (!WRITES.has(method!) || QUESTION.test(path) || isDryRun) return undefined
    const write = { number: writes.length + 1, method: method!, resource: resourceOf(upstream + path), path, body }
    writes.push(write)
    return write
  }

  async function send({ method, url, headers }: IncomingMessage, body: Buffer) {
    const { host: _, ...passed } = headers
    const outgoing = request(upstream + url, { method: method!, headers: passed, agent })
    outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    return {
      response,
      pipe(answer: ServerResponse): void {
        answer.writeHead(response.statusCode!, response.headers)
        // A watch that has nothing to tell yet has been accepted all the same.
        answer.flushHeaders()
        response.pipe(answer)
        response.on('error', () => answer.destroy())
        answer.on('close', () => outgoing.destroy())
      },
    }
  }

  const server = createServer((incoming, answer) => {
    // The API server or the client went away: the other end is told by a closed connection, as without a proxy.
    handle(incoming, answer).catch(() => answer.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const file = join(folder, 'kubeconfig')
  await writeFile(file, throughProxy(config, (server.address() as AddressInfo).port), { mode: 0o600 })

  const proxy: CuttingProxy = {
    kubeconfig: file,
    writes,
    kill: () => {
      throw new Error('the proxy was not told what to kill')
    },
    cut,
    async close() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return proxy
}

function throughProxy(config: KubeConfig, port: number): string {
  const through = new KubeConfig()
  const cluster = { name: 'proxy', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }
  through.loadFromClusterAndUser(cluster, config.getCurrentUser()!)
  return through.exportConfig()
}
