import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KubernetesObject } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { Agent } from 'undici'
import { type HttpOptions, httpLibrary } from '../../../../src/kubernetes/http.ts'
import { rawRequests } from '../../../../src/kubernetes/raw.ts'

type Pod = KubernetesObject & { metadata: { name: string; namespace: string; uid: string; resourceVersion: string } }

export const LABEL = 'app.kubernetes.io/name'

export function aPod(name: string, version: number, uid = `uid-${name}`, labels = { [LABEL]: 'fluxiondb' }): Pod {
  const managedFields = [{ manager: 'kubelet', operation: 'Update' }]
  const metadata = { name, namespace: `ns-${name}`, uid, resourceVersion: String(version), labels, managedFields }
  return { apiVersion: 'v1', kind: 'Pod', metadata } as unknown as Pod
}

/** Stands in for an API server of which one resource is listed and watched: a test says what it holds, tells and refuses. */
export async function startFakeWatchServer(t: Test) {
  const lists: URLSearchParams[] = []
  const watches: URLSearchParams[] = []
  const open = new Set<ServerResponse>()
  const state = {
    pods: [] as Pod[],
    version: 1,
    /** Status with which the next requests are refused, the first ones first. */
    refusals: [] as number[],
    /** Whether a watch is ended as soon as it has begun. */
    endsWatches: false,
  }
  const server = createServer((request, response) => {
    const { searchParams: query, pathname } = new URL(request.url!, 'http://localhost')
    const name = /\/namespaces\/[^/]+\/[^/]+\/([^/]+)$/.exec(pathname)?.[1]
    if (name !== undefined) {
      const found = state.pods.find(({ metadata }) => metadata.name === name)
      return void response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? { kind: 'Status', code: 404 }))
    }
    const isWatch = query.has('watch')
    ;(isWatch ? watches : lists).push(query)
    const code = state.refusals.shift()
    if (code !== undefined) {
      response
        .writeHead(code)
        .end(JSON.stringify({ kind: 'Status', code, reason: code === 410 ? 'Expired' : 'Failing' }))
    } else if (!isWatch) {
      const [from, limit] = [Number(query.get('continue') ?? 0), Number(query.get('limit') ?? 1e9)]
      const next = from + limit < state.pods.length ? String(from + limit) : ''
      const metadata = { resourceVersion: String(state.version), continue: next }
      // Items of a list do not say what they are.
      const items = state.pods.slice(from, from + limit).map(({ apiVersion: _, kind: __, ...pod }) => pod)
      response.end(JSON.stringify({ metadata, items }))
    } else {
      response.writeHead(200).flushHeaders()
      if (state.endsWatches) return void response.end()
      open.add(response)
      response.on('close', () => open.delete(response))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new Agent()
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await agent.destroy()
  })
  const { port } = server.address() as AddressInfo
  const options: HttpOptions = {
    base: '',
    authorizer: { authorize: async () => ({ headers: {}, dispatcher: agent }), renew: () => false },
    deadlinesMs: { read: 5000, write: 5000 },
    onCall: () => {},
  }
  return {
    ...{ state, lists, watches },
    raw: rawRequests(`http://127.0.0.1:${port}`, httpLibrary(options), options),
    /** Tells every watch of something, in pieces that end where no line does. */
    tell(type: string, object: object): void {
      const line = `${JSON.stringify({ type, object })}\n`
      for (const response of open) {
        response.write(line.slice(0, 20))
        response.write(line.slice(20))
      }
    },
    /** Ends every watch: in order, or as a connection that breaks. */
    end(how: 'end' | 'destroy'): void {
      for (const response of open) response[how]()
    },
    watching: () => open.size,
  }
}
