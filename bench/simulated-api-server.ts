import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KubernetesObject } from '@kubernetes/client-node'
import { RESOURCES, type Resource } from '../src/kubernetes/watch/resources.ts'
import { renderOperations } from '../src/manifests/operations.ts'
import { withSteps } from '../src/tenants/record/history.ts'
import { aSpec, observed } from '../test/helpers/observed.ts'

const TEMPLATE_ID = 'tenant-000000'
const VERSION = '1000'
const BOOKMARK_MS = 60_000

/**
 * An API server that holds a fleet of tenants as they are when nothing is to be done, and answers lists and watches of them. It stands
 * in where the figures are those of one process that reads, and ten thousand real tenants do not fit on the machine.
 */
export async function startSimulatedApiServer(tenants: number) {
  const templates = templatesOf()
  const ids = Array.from({ length: tenants }, (_, index) => `tenant-${String(index).padStart(6, '0')}`)
  const history = historyOf()
  const watches = new Map<Resource, Set<ServerResponse>>()
  const calls = new Map<string, number>()
  const server = createServer((request, response) => {
    const { pathname, searchParams: query } = new URL(request.url!, 'http://localhost')
    const send = (body: object | string, status = 200) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    const resource = (Object.keys(RESOURCES) as Resource[]).find((name) => RESOURCES[name].path === pathname)
    const name = `${query.has('watch') ? 'WATCH' : request.method} ${resource ?? pathname.split('/').at(-1)}`
    const named = /^\/api\/v1\/namespaces\/fluxiondb-([^/]+)$/.exec(pathname)
    calls.set(name, (calls.get(name) ?? 0) + 1)
    if (resource && query.has('watch')) {
      response.writeHead(200).flushHeaders()
      const open = watches.get(resource) ?? new Set()
      watches.set(resource, open.add(response))
      response.on('close', () => open.delete(response))
    } else if (pathname.startsWith('/apis/admissionregistration.k8s.io/')) {
      if (query.has('watch')) response.writeHead(200).flushHeaders()
      else send({ metadata: { resourceVersion: VERSION }, items: [] })
    } else if (resource) send(pageOf(templates.get(resource)!, ids, query))
    else if (pathname === '/version') send({ gitVersion: 'v1.35.4', major: '1', minor: '35' })
    else if (pathname.endsWith('selfsubjectreviews')) {
      send({ status: { userInfo: { username: 'system:serviceaccount:fluxiondb-system:fluxiondb-provisioner' } } }, 201)
    } else if (pathname.endsWith('selfsubjectrulesreviews')) {
      const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }
      send({ status: { resourceRules: [everything], nonResourceRules: [], incomplete: false } }, 201)
    } else if (pathname.endsWith('selfsubjectaccessreviews')) send({ status: { allowed: true } }, 201)
    else if (pathname === '/api/v1') send({ resources: [{ name: 'pods/resize' }] })
    else if (pathname.includes('/configmaps/')) {
      send(history.replaceAll(TEMPLATE_ID, /fluxiondb-([^/]+)/.exec(pathname)![1]!))
    } else if (pathname.includes('/secrets/')) send({ kind: 'PartialObjectMetadata', metadata: { name: 'secret' } })
    else if (named) send(templates.get('namespaces')!.replaceAll(TEMPLATE_ID, named[1]!))
    else send({ kind: 'Status', code: 404, reason: 'NotFound' }, 404)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const bookmarks = setInterval(
    () => tell(watches, 'BOOKMARK', { metadata: { resourceVersion: VERSION } }),
    BOOKMARK_MS,
  )
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close(): void {
      clearInterval(bookmarks)
      server.closeAllConnections()
      server.close()
    },
  }
}

function tell(watches: Map<Resource, Set<ServerResponse>>, type: string, object: object): void {
  for (const response of [...watches.values()].flatMap((open) => [...open])) {
    response.write(`${JSON.stringify({ type, object })}\n`)
  }
}

/** One tenant's objects as text, in which the id is all that changes from tenant to tenant. */
function templatesOf(): Map<Resource, string> {
  const { namespace, deployment, replicaSets, pods, claim, service, quota, networkPolicy, ingress, roleBinding } =
    observed(aSpec({ userId: TEMPLATE_ID }))
  const objects: Record<Resource, KubernetesObject | undefined> = {
    ...{ namespaces: namespace, deployments: deployment, replicaSets: replicaSets[0], pods: pods[0], claims: claim },
    ...{
      services: service,
      quotas: quota,
      networkPolicies: networkPolicy,
      ingresses: ingress,
      roleBindings: roleBinding,
    },
  }
  return new Map(Object.entries(objects).map(([name, object]) => [name as Resource, object ? textOf(object) : '']))
}

/** The operations of one tenant, as text. */
function historyOf(): string {
  const { userId, operation } = aSpec({ userId: TEMPLATE_ID })
  return JSON.stringify(renderOperations(userId, JSON.stringify([withSteps(operation)]), VERSION))
}

/** With what an API server adds to every object: who manages which of its fields. */
function textOf(object: KubernetesObject): string {
  const managedFields = [
    { manager: 'fluxiondb-provisioner', operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: fieldsOf(object) },
    { manager: 'kube-controller-manager', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: fieldsOf(object) },
  ]
  const uid = `${object.kind}-uid-of-${TEMPLATE_ID}`
  return JSON.stringify({
    ...object,
    metadata: { ...object.metadata, uid, resourceVersion: VERSION, managedFields },
  })
}

function fieldsOf(value: unknown): object {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [`f:${key}`, fieldsOf(field)]))
}

function pageOf(template: string, ids: readonly string[], query: URLSearchParams): string {
  const only = query.get('fieldSelector')?.replace('metadata.name=fluxiondb-', '')
  const all = template === '' ? [] : only ? ids.filter((id) => id === only) : ids
  const from = Number(query.get('continue') ?? 0)
  const to = Math.min(from + Number(query.get('limit') ?? all.length), all.length)
  const items = all.slice(from, to).map((id) => template.replaceAll(TEMPLATE_ID, id))
  const next = to < all.length ? String(to) : ''
  return `{"metadata":{"resourceVersion":"${VERSION}","continue":"${next}"},"items":[${items.join(',')}]}`
}
