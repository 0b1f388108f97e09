import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HttpMethod, RequestContext } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { Agent } from 'undici'
import { type Authorizer, type Call, httpLibrary } from '../../../src/kubernetes/http.ts'

/** What the fake does to one request: answers, hangs up before it answers, or never answers. */
export type Behaviour =
  | { status: number; body?: unknown; type?: string; headers?: Record<string, string> }
  | 'reset'
  | 'hang'

/** Stands in for an API server that fails in the given ways, one after the other; the last one stays. */
export async function startFakeApiServer(t: Test, ...behaviours: [Behaviour, ...Behaviour[]]) {
  const received: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    received.push(request.method!)
    const behaviour = behaviours[Math.min(received.length, behaviours.length) - 1]!
    if (behaviour === 'hang') return
    if (behaviour === 'reset') {
      request.socket.destroy()
      return
    }
    const { status, body = {}, type = 'application/json', headers = {} } = behaviour
    request.resume().on('end', () => {
      response
        .writeHead(status, { 'content-type': type, ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  t.teardown(stop)
  return { received, stop, url: `http://127.0.0.1:${port}` }
}

type ClientOptions = { readMs?: number; writeMs?: number; base?: string; authorizer?: Partial<Authorizer> }

/** Sends one request through the library under test; its credentials are always to be had, unless the test says otherwise. */
export function client(t: Test, { readMs = 10_000, writeMs = 10_000, base = '', authorizer = {} }: ClientOptions = {}) {
  const agent = new Agent()
  t.teardown(() => agent.destroy())
  const calls: Call[] = []
  const library = httpLibrary({
    base,
    authorizer: { authorize: async () => ({ headers: {}, dispatcher: agent }), renew: () => false, ...authorizer },
    deadlinesMs: { read: readMs, write: writeMs },
    onCall: (call) => calls.push(call),
  })
  const send = (method: HttpMethod, url: string, body?: unknown) => {
    const context = new RequestContext(url, method)
    if (body !== undefined) context.setBody(JSON.stringify(body))
    return library.send(context)
  }
  return { agent, calls, send }
}
