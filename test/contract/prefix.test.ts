/** The service behind a proxy that shows it under a path of its own, which it takes off every request. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { createClient } from '../../clients/typescript/index.ts'
import { main } from '../../src/cli.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import { aSpec, observed } from '../helpers/observed.ts'
import { bodyFor, ROUTES, urlOf } from './routes.ts'
import { testApp } from './test-app.ts'

const { app, cluster, keys } = await testApp(t)
const PREFIX = '/databases/v1'

const proxy = createServer(async (request, response) => {
  const url = request.url!
  if (!url.startsWith(`${PREFIX}/`)) return response.writeHead(404).end()
  const payload = await buffer(request)
  const { headers } = request
  const answer = await app.inject({
    method: request.method as 'GET',
    url: url.slice(PREFIX.length),
    headers: headers as never,
    payload,
  })
  response.writeHead(answer.statusCode, answer.headers as never).end(answer.rawPayload)
})
await once(proxy.listen(0, '127.0.0.1'), 'listening')
t.teardown(() => proxy.close())
const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
const base = `${origin}${PREFIX}`
const authorization = `Bearer ${keys.admin}`

function tenant(): void {
  const spec = aSpec({ helm: { release: 'db-user123', taken: true } })
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, 'the-key-of-the-database', ownerAnnotation(spec.operation)))
}

const writes = ROUTES.filter(({ method, path }) => path.startsWith('/tenants') && method !== 'GET')
for (const route of writes.filter(({ path }) => !path.endsWith('/plan'))) {
  t.test(
    `says at ${route.method} ${route.path} where the tenant is, with the path of a proxy and without`,
    async (t) => {
      const body = bodyFor(route)
      if (!(body && 'userId' in body)) tenant()
      const request = {
        method: route.method as 'GET',
        headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { payload: JSON.stringify('ramSize' in body ? { ...body, ramSize: '1Gi' } : body) }),
      }
      const { statusCode, headers } = await app.inject({ ...request, url: urlOf(route) })
      t.match(String(statusCode), /^20[02]$/)
      for (const at of ['http://127.0.0.1:3000', base, 'https://example.com/a/b/c']) {
        t.equal(new URL(headers.location!, `${at}${urlOf(route)}?dryRun=false`).href, `${at}/tenants/user123`)
      }
    },
  )
}

t.test(
  'is reached by the generated client at an address with a path, with a slash at its end and without',
  async (t) => {
    tenant()
    for (const address of [base, `${base}/`]) {
      const { data } = await createClient(address, keys.admin).GET('/tenants/{id}', {
        params: { path: { id: 'user123' } },
      })
      t.equal(data?.userId, 'user123')
    }
  },
)

t.test('is reached by the takeover at an address with a path', async (t) => {
  const file = join(t.testdir(), 'key')
  writeFileSync(file, keys.admin)
  for (const url of [base, `${base}/`]) {
    const log = t.capture(console, 'log')
    t.equal(await main(['adopt', '--all', '--url', url, '--key-file', file], {}), 0)
    t.match(log()[0]?.args[0], /^Nothing to take over/)
  }
})

t.test('shows a document and a page by which it is reached', async (t) => {
  for (const path of ['/openapi.json', '/docs/json']) {
    const { servers } = (await (await fetch(`${base}${path}`)).json()) as { servers: { url: string }[] }
    t.equal(new URL(servers[0]!.url, `${base}${path}`).href, `${base}/`, path)
  }
  for (const page of [`${base}/docs`, `${base}/docs/`]) {
    const html = await (await fetch(page)).text()
    const assets = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, asset]) => new URL(asset!, page))
    t.ok(assets.length > 3)
    for (const asset of assets) t.equal((await fetch(asset)).status, 200, asset.href)
  }
})
