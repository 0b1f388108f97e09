/** If-Match and If-None-Match on every route, as RFC 9110, section 13, has them. */
import t from 'tap'
import { ADOPTABLE_LABEL } from '../../src/manifests/labels.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { aSpec, liveNamespace, observed } from '../helpers/observed.ts'
import { ROUTES, urlOf } from './routes.ts'
import { testApp } from './test-app.ts'

const { cluster, send, started } = await testApp(t)
const URL = '/tenants/user123'
const FAILED = { status: 412, code: 'precondition-failed' }

/** Puts a whole tenant into the cluster. @returns its ETag */
async function tenant(spec: Spec = aSpec()): Promise<string> {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, 'the-key-of-the-database', ownerAnnotation(spec.operation)))
  return String((await send('GET', `/tenants/${spec.userId}`)).headers.etag)
}

const writes = ROUTES.filter(({ method, path }) => path.startsWith('/tenants/{id}') && method !== 'GET')
  .filter(({ operation }) => operation.operationId !== 'adoptTenant')
  .flatMap((route) =>
    JSON.stringify(route.operation).includes('"dryRun"') ? [route, { ...route, dryRun: true }] : route,
  )
  .map((route) => ({ ...route, url: `${urlOf(route)}${'dryRun' in route ? '?dryRun=true' : ''}` }))

for (const { method, path, url } of writes) {
  const isSized = path.includes('/ram') || method === 'PUT'
  const body = isSized ? { ramSize: '1Gi' } : method === 'PATCH' || path.endsWith('/plan') ? {} : undefined
  const ask = (headers: Record<string, string>) => send(method, url, { headers, ...(body && { body }) })

  t.test(`changes nothing by ${method} ${url} unless its conditions hold`, async (t) => {
    const etag = await tenant()
    const unmet = [
      { 'if-match': '"other"' },
      { 'if-match': `W/${etag}` },
      { 'if-none-match': '*' },
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-match': etag, 'if-none-match': '*' },
    ]
    for (const headers of unmet) t.match((await ask(headers)).body, FAILED, JSON.stringify(headers))
    t.same(started, [])
    t.equal((await send('GET', URL)).body.generation, 1)
    for (const headers of [{ 'if-match': etag.slice(1, -1) }, { 'if-none-match': '' }]) {
      t.match((await ask(headers)).body, { status: 400, code: 'invalid-request' }, JSON.stringify(headers))
    }
    const met = [{ 'if-match': '*' }, { 'if-match': `"other", ${etag}` }, { 'if-none-match': '"other"' }, {}]
    for (const headers of met) {
      cluster.clear()
      t.equal(await tenant(), etag)
      t.match(String((await ask(headers)).status), /^20[02]$/, JSON.stringify(headers))
    }
  })

  t.test(`answers ${method} ${url} for a tenant that is not there as without conditions`, async (t) => {
    for (const headers of [{ 'if-match': '*' }, { 'if-none-match': '*' }, {}] as Record<string, string>[]) {
      cluster.clear()
      const expected = method === 'PUT' ? ('if-match' in headers ? 412 : 202) : 404
      t.equal((await ask(headers)).status, expected, JSON.stringify(headers))
    }
  })
}

t.test('creates nothing by a PUT with If-Match', async (t) => {
  for (const value of ['*', '"0a1b2c3d-7"']) {
    const answer = await send('PUT', URL, { body: { ramSize: '1Gi' }, headers: { 'if-match': value } })
    t.match(answer.body, FAILED, value)
  }
  t.equal((await send('GET', URL)).status, 404)
  t.same(started, [])
})

t.test('lets one of simultaneous PUTs with If-None-Match: * create, and none change', async (t) => {
  const sizes = ['1Gi', '1Gi', '2Gi', '1Gi', '4Gi']
  const put = (ramSize: string) => send('PUT', URL, { body: { ramSize }, headers: { 'if-none-match': '*' } })
  const answers = await Promise.all(sizes.map(put))
  const won = answers.filter(({ status }) => status === 202)
  t.equal(won.length, 1)
  for (const { status, body } of answers) t.match(`${status} ${body.code}`, /^(202|412 prec|409 create-in-progress)/)
  t.match((await send('GET', URL)).body, { generation: 1, desired: { ramSize: won[0]?.body.desired.ramSize } })
})

t.test('makes simultaneous PUTs without conditions one create and the changes after it', async (t) => {
  const answers = await Promise.all(['1Gi', '1Gi', '1Gi'].map((ramSize) => send('PUT', URL, { body: { ramSize } })))
  t.same(new Set(answers.map(({ status }) => status)), new Set([202]))
  t.equal(answers.filter(({ body }) => body.apiKey).length, 1)
})

t.test('answers the repetition of a PUT that created as it answered the first one, with the key', async (t) => {
  const headers = { 'if-none-match': '*', 'idempotency-key': 'once' }
  const put = () => send('PUT', URL, { body: { ramSize: '1Gi' }, headers })
  const [first, again] = [await put(), await put()]
  t.match([again.status, again.body.operation?.id], [202, first.body.operation.id])
  t.equal(again.body.apiKey, first.body.apiKey)
})

t.test('says by 304 that what is desired is what the caller knows, and lets no cache say so', async (t) => {
  const etag = await tenant()
  for (const method of ['GET', 'HEAD'] as const) {
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, text, headers } = await send(method, URL, { headers: { 'if-none-match': value } })
      t.match([status, text, headers.etag], [304, '', etag], `${method} ${value}`)
    }
  }
  const read = (headers: Record<string, string>) => send('GET', URL, { headers })
  const whole = await read({ 'if-none-match': '"other"', 'if-match': '*' })
  t.match([whole.status, whole.headers.etag, whole.headers['cache-control']], [200, etag, 'no-store'])
  t.match((await read({ 'if-match': '"other"', 'if-none-match': etag })).body, FAILED)
  t.equal((await read({ 'if-match': 'other' })).status, 400)
  t.equal((await send('GET', '/tenants/none', { headers: { 'if-none-match': '*' } })).status, 404)
})

t.test('reads conditions of a create as those of the collection, which is there and has no ETag', async (t) => {
  const post = (headers: Record<string, string>) =>
    send('POST', '/tenants', { body: { userId: 'user123', ramSize: '1Gi' }, headers })
  for (const headers of [{ 'if-none-match': '*' }, { 'if-match': '"a-1"' }] as Record<string, string>[]) {
    t.match((await post(headers)).body, FAILED, JSON.stringify(headers))
  }
  t.same(started, [])
  t.equal((await post({ 'if-match': '*', 'if-none-match': '"a-1"' })).status, 202)
})

t.test('takes over nothing unless the conditions hold', async (t) => {
  const adopt = (headers: Record<string, string>) => send('POST', `${URL}/adopt`, { headers })
  const given = liveNamespace(aSpec())
  cluster.put({ ...given, metadata: { ...given.metadata!, labels: { [ADOPTABLE_LABEL]: 'user123' } } })
  t.match((await adopt({ 'if-match': '*' })).body, FAILED, 'it is no tenant yet')
  cluster.clear()
  await tenant(aSpec({ helm: { release: 'db-user123', taken: true } }))
  t.match((await adopt({ 'if-none-match': '*' })).body, FAILED, 'it is one already')
  t.match(String((await adopt({ 'if-match': '*' })).status), /^20[02]$/)
})
