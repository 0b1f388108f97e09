import { connect } from 'node:net'
import t from 'tap'
import { SCOPES, type Scope } from '../../src/credentials/identity.ts'
import { aSpec, liveNamespace } from '../helpers/observed.ts'
import { bodyFor, ROUTES, type Route, urlOf } from './routes.ts'
import { testApp } from './test-app.ts'

/** The scope that opens each route, as callers know it. A new route has to be written down here. */
const SCOPE_OF: Record<string, Scope> = {
  metrics: 'metrics',
  createTenant: 'write',
  listTenants: 'read',
  getTenant: 'read',
  deleteTenant: 'delete',
  resizeTenant: 'resize',
  planResize: 'resize',
  planUpdate: 'write',
  suspendTenant: 'write',
  resumeTenant: 'write',
  restartTenant: 'write',
  rotateKey: 'secrets',
  undeleteTenant: 'delete',
  listOperations: 'read',
  listNewestOperations: 'read',
  getOperation: 'read',
  listPlans: 'read',
  putTenant: 'write',
  patchTenant: 'write',
  adoptTenant: 'admin',
  listAdoptable: 'admin',
  listDrift: 'admin',
  listOrphans: 'admin',
  getDeletion: 'read',
  listEvents: 'read',
  getUsage: 'read',
  listUsage: 'read',
  exportUsage: 'read',
  getDiagnosis: 'read',
  getLogs: 'logs',
  streamTenants: 'read',
  streamTenant: 'read',
}
const PUBLIC = ['livez', 'readyz']

const others = (scope: Scope) => SCOPES.filter((other) => other !== scope && other !== 'admin')
const entries = Object.fromEntries(
  SCOPES.flatMap((scope) => [
    [`all but ${scope}`, { scopes: others(scope) }],
    [`only ${scope}`, { scopes: [scope] }],
  ]),
) as Record<`${'all but' | 'only'} ${Scope}`, { scopes: Scope[] }>
const bound = { scopes: others('admin'), userId: 'mine' }
const { app, cluster, keys, send, started } = await testApp(t, {
  ...entries,
  bound,
  capped: { ...bound, userId: 'user123', maxRamSize: '4Gi' },
  scraper: { scopes: ['metrics'], userId: 'mine' },
})
const closed = ROUTES.filter(({ isPublic }) => !isPublic)
const named = ({ method, path }: Route) => `${method} ${path}`
const requestOf = (route: Route, key: string | null) => {
  const body = bodyFor(route)
  return { key, ...(body === undefined ? {} : { body }) }
}

t.test('has a scope for every route but those that are public', async (t) => {
  t.same(closed.map(({ operation }) => operation.operationId).sort(), Object.keys(SCOPE_OF).sort())
  t.same(
    ROUTES.filter(({ isPublic }) => isPublic).map(({ operation }) => operation.operationId),
    PUBLIC,
  )
})

t.test('answers public routes without a credential', async (t) => {
  for (const url of ['/livez', '/readyz']) t.equal((await send('GET', url, { key: null })).status, 200, url)
  t.equal((await app.inject('/openapi.json')).statusCode, 200)
  const page = await app.inject('/docs/')
  t.match([page.statusCode, page.headers['content-type']], [200, /text\/html/])
  t.match(page.headers['content-security-policy'], /default-src 'self'/)
  t.notMatch(page.headers['content-security-policy'], /upgrade-insecure-requests/)
  for (const [, asset] of page.body.matchAll(/(?:src|href)="\.?\/?((?:docs\/)?static\/[^"]+)"/g)) {
    t.equal((await app.inject(`/docs/${asset!.replace(/^docs\//, '')}`)).statusCode, 200, asset!)
  }
})

for (const route of closed) {
  const scope = SCOPE_OF[route.operation.operationId!]!

  t.test(`asks for a credential at ${named(route)}`, async (t) => {
    const wrong = { authorization: `Bearer ${keys.admin.slice(0, -1)}x` }
    const schemes = [
      {},
      { authorization: '' },
      { authorization: keys.admin },
      { authorization: `Basic ${keys.admin}` },
      wrong,
    ]
    for (const headers of schemes) {
      const {
        status,
        body,
        headers: answered,
      } = await send(route.method, urlOf(route), { ...requestOf(route, null), headers })
      t.equal(status, 401)
      t.match(body, { code: 'unauthenticated', status: 401, retryable: false })
      t.equal(answered['www-authenticate'], 'Bearer')
    }
    t.same(started, [])
  })

  t.test(`asks for the scope ${scope} at ${named(route)}, and for no other`, async (t) => {
    const refused = await send(route.method, urlOf(route), requestOf(route, keys[`all but ${scope}`]))
    t.equal(refused.status, 403)
    t.match(refused.body, { code: 'scope-missing', detail: new RegExp(`"${scope}"`) })
    t.same(started, [])
    for (const key of [keys[`only ${scope}`], keys.admin]) {
      t.notMatch(await statusOf(route, key), /401|403/)
    }
  })
}

let address: string | undefined
async function listening(): Promise<string> {
  address ??= await app.listen({ port: 0, host: '127.0.0.1' })
  return address
}
/** A stream goes on for ever: of that only the beginning is looked at. */
async function statusOf(route: (typeof closed)[number], key: string): Promise<number> {
  if (route.operation.operationId !== 'streamTenants') {
    return (await send(route.method, urlOf(route), requestOf(route, key))).status
  }
  await listening()
  const left = new AbortController()
  const headers = { authorization: `Bearer ${key}` }
  const { status } = await fetch(address! + urlOf(route), { headers, signal: left.signal })
  left.abort()
  return status
}

t.test('asks for the scope purge where data would be lost', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  for (const key of [keys['all but purge'], keys['only delete'], keys['only purge']]) {
    t.equal((await send('DELETE', '/tenants/user123?purge=true', { key })).status, 403)
  }
  t.same(started, [])
})

t.test('looks at the credential before anything else of a request', async (t) => {
  const bad = { body: 'x'.repeat(10_000_000), headers: { 'content-type': 'text/plain' } }
  t.equal((await send('POST', '/tenants', { key: null, ...bad })).status, 401)
  t.equal((await send('POST', '/tenants', { key: keys['only read'], ...bad })).status, 403)
  t.equal((await send('GET', '/tenants/NOT-AN-ID', { key: null })).status, 401)
})

for (const route of closed.filter(({ path }) => path.includes('{id}'))) {
  t.test(`tells a bound credential at ${named(route)} that no other tenant exists`, async (t) => {
    cluster.put(liveNamespace(aSpec({ userId: 'other' })))
    const missing = await send(route.method, urlOf(route, 'missing'), requestOf(route, keys.bound))
    for (const key of [keys.bound, keys.scraper]) {
      const answer = await send(route.method, urlOf(route, 'other'), requestOf(route, key))
      t.equal(answer.status, 404)
      t.match(answer.body, { code: 'tenant-not-found', detail: missing.body.detail, title: missing.body.title })
    }
    t.same(started, [])
  })
}

t.test('takes one credential, and as it is', async (t) => {
  const { hostname, port } = new URL(await listening())
  const raw = (...headers: string[]) =>
    firstLineOf(Number(port), hostname, ['GET /tenants HTTP/1.1', 'Host: x', ...headers])
  const [right, wrong] = [`Authorization: Bearer ${keys.admin}`, 'Authorization: Bearer fxp_abcd_wrong']
  t.match(await raw(right), / 200 /)
  t.match(await raw(wrong, right), / 401 /, 'the first of two counts, as for every proxy')
  t.match(await raw(`${wrong}, Bearer ${keys.admin}`), / 401 /)
  t.match(await raw(`Authorization : Bearer ${keys.admin}`), / 40[01] /, 'a name with a space is none')
  t.match(await raw(`X-Auth: a\rAuthorization: Bearer ${keys.admin}`), / 40[01] /, 'nor is half a line')
  t.match(await raw(`Authorization: Bearer ${'x'.repeat(20_000)}`), / 431 /)
  t.match(await raw(`Authorization: Bearer ey${'x'.repeat(9000)}`), / 401 /)
  for (const query of ['access_token', 'token', 'key', 'api_key', 'authorization']) {
    const { statusCode } = await app.inject(`/tenants?${query}=${keys.admin}`)
    t.equal(statusCode, 401, `not as ?${query}`)
  }
  t.equal((await app.inject({ url: '/tenants', cookies: { authorization: `Bearer ${keys.admin}` } })).statusCode, 401)
})

const PATHS = [
  '/tenants/mine/../other',
  '/tenants/mine%2f..%2fother',
  '/tenants/%6fther',
  '//tenants/other',
  '/tenants/other/',
]
t.test('a bound credential gets to no other tenant by a path', async (t) => {
  cluster.put(liveNamespace(aSpec({ userId: 'other' })))
  const { hostname, port } = new URL(await listening())
  for (const path of [
    ...PATHS,
    '/tenants/other;mine',
    '/tenants/other%00mine',
    '/tenants/other?id=mine',
    '/tenants/OTHER',
  ]) {
    const authorization = `Authorization: Bearer ${keys.bound}`
    const line = await firstLineOf(Number(port), hostname, [`GET ${path} HTTP/1.1`, 'Host: x', authorization])
    t.match(line, / 40[04] /, path)
  }
})

/** The first line of the answer to a request that is sent as it is. */
async function firstLineOf(port: number, host: string, lines: string[]): Promise<string> {
  const socket = connect({ port, host })
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk
  return answer.split('\r\n')[0]!
}

t.test('lets a bound credential create no tenant, not even its own', async (t) => {
  for (const userId of ['mine', 'other']) {
    const { status, body } = await send('POST', '/tenants', { key: keys.bound, body: { userId, ramSize: '1Gi' } })
    t.equal(status, 403)
    t.equal(body.code, 'scope-missing')
  }
  t.same(started, [])
})

t.test('lists for a bound credential its own tenant only', async (t) => {
  for (const userId of ['mine', 'other']) cluster.put(liveNamespace(aSpec({ userId })))
  const { body } = await send('GET', '/tenants', { key: keys.bound })
  t.same(
    body.items.map(({ userId }: { userId: string }) => userId),
    ['mine'],
  )
})

t.test('grants no more RAM than the credential may ask for', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  const above = await send('PATCH', '/tenants/user123/ram', { key: keys.capped, body: { ramSize: '4097Mi' } })
  t.match(above.body, { status: 403, code: 'ram-above-credential' })
  t.same(started, [])
  t.equal((await send('PATCH', '/tenants/user123/ram', { key: keys.capped, body: { ramSize: '4Gi' } })).status, 202)
})

t.test('does not tell who is asking which routes there are', async (t) => {
  for (const key of [null, keys.admin]) {
    t.match((await send('GET', '/nothing', { key })).body, { status: 404, code: 'route-not-found' })
  }
})
