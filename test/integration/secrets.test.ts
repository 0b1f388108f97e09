/** Databases' keys and callers' credentials are canaries: where one is found outside its place, it has leaked. */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { namesFor } from '../../src/manifests/names.ts'
import { apiOf } from '../helpers/api.ts'
import { Canaries } from '../helpers/canaries.ts'
import { testCluster } from '../helpers/cluster.ts'
import { startCuttingProxy } from '../helpers/cutting-proxy.ts'
import { everythingIn } from '../helpers/everything.ts'
import { refuseSecrets } from '../helpers/refusing-policy.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, secretsOf, untilComplete } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
/** Tenants whose Secret is refused, and how: in words that quote the request, as an API server or a webhook may. */
const refusals = Object.entries({ Forbidden: 403, Conflict: 409, Invalid: 422, InternalError: 500 }).map(
  ([reason, code]) => ({
    code,
    userId: newUserId(t, cluster, `refused-${code}`),
    answer: (message: string) => {
      const details = { causes: [{ field: 'data', reason: 'FieldValueInvalid', message }] }
      return { status: code, body: JSON.stringify({ kind: 'Status', code, reason, message, details }) }
    },
  }),
)
const proxy = await startCuttingProxy(cluster.serviceKubeconfig, ({ resource, path, body }) =>
  resource === 'secrets' ? refusals.find(({ userId }) => path.includes(userId))?.answer(body) : undefined,
)
t.teardown(() => proxy.close())
const service = await serve(t, cluster, { KUBECONFIG: proxy.kubeconfig, LOG_LEVEL: 'trace' })
const { api } = service

const canaries = new Canaries()
canaries.add('credential', service.key)
const userId = newUserId(t, cluster, 'canary')
const path = `/tenants/${userId}`
/** The API server's own audit log has the words in which a policy refuses. */
const quotedByPolicy = canaries.add('policy')

t.test('no answer holds a key, but the one that generated it', async (t) => {
  const given = { userId, ramSize: '128Mi', apiKey: canaries.add('given') }
  const generated = { userId: newUserId(t, cluster, 'generated'), ramSize: '128Mi' }
  const headers = { 'idempotency-key': 'one' }
  const answer = await api('POST', '/tenants', generated, headers)
  const key = canaries.add('generated', answer.body.apiKey)
  t.same(canaries.in(answer), [key], 'a canary is found where there is one')
  t.equal(answer.headers.get('cache-control'), 'no-store')
  t.same(canaries.in(await api('POST', '/tenants', generated, headers)), [key])

  const requests: [method: string, path: string, body?: object, headers?: Record<string, string>][] = [
    ['POST', '/tenants', given, headers],
    ['POST', '/tenants', given, { 'idempotency-key': 'two' }],
    ['POST', '/tenants', given, { 'idempotency-key': 'two' }],
    ['POST', '/tenants', { ...given, apiKey: canaries.add('other') }, { 'idempotency-key': 'two' }],
    ['POST', '/tenants', given],
    ['POST', '/tenants', generated],
    ['PATCH', `${path}/ram`, { ramSize: '129Mi' }],
    ['DELETE', path],
    ['POST', `${path}/undelete`],
    ['GET', path],
    ['GET', `/tenants/${generated.userId}`],
    ['GET', `${path}/operations`],
    ['GET', '/tenants'],
    ['GET', '/metrics'],
  ]
  for (const request of requests) t.same(canaries.in(await api(...request)), [], `${request[0]} ${request[1]}`)
  t.same(canaries.in(JSON.stringify(await secretsOf(cluster, userId))), [given.apiKey], 'it is in the Secret')
})

t.test('an answer to a create whose Secret is refused does not quote the refusal', async (t) => {
  for (const { userId } of refusals) {
    const answer = await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: canaries.add('refused') })
    t.ok(answer.status >= 400, `${answer.status} ${answer.body.code}`)
    t.same(canaries.in(answer), [])
  }
  const userId = newUserId(t, cluster, 'policy')
  await refuseSecrets(t, cluster, namesFor(userId).secret)
  const answer = await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: quotedByPolicy })
  t.match([answer.status, answer.body.code], [422, 'refused-by-cluster'])
  t.same(canaries.in(answer), [], 'though an admission policy does quote it')
})

t.test('an answer to a bad request does not quote a key in it', async (t) => {
  const create = (body: object) => api('POST', '/tenants', { ramSize: '128Mi', ...body })
  const answers = {
    'a bad key': await create({ userId: 'bad', apiKey: `${canaries.add('bad')} with spaces` }),
    'a key as the id': await create({ userId: `${canaries.add('ID')}/` }),
    'a key in an unknown field': await create({ userId: 'bad', secretKey: canaries.add('unknown') }),
    'a key in broken JSON': await api('POST', '/tenants', `{"apiKey": "${canaries.add('broken')}`),
    'a key in the query': await api('GET', `${path}-not?key=${canaries.add('query')}`),
    'a key in a bad cursor': await api('GET', `/tenants?cursor=${canaries.add('cursor')}`),
    'a key as a bad limit': await api('GET', `/tenants?limit=${canaries.add('limit')}`),
    'a key as the state': await api('GET', `/tenants?state=${canaries.add('state')}`),
    'a key as the Idempotency-Key': await api('POST', '/tenants', {}, { 'idempotency-key': canaries.add('header') }),
    'no route': await api('POST', `/nothing?key=${canaries.add('route')}`),
    'another content type': await api('POST', '/tenants', canaries.add('yaml'), { 'content-type': 'text/yaml' }),
  }
  for (const [what, answer] of Object.entries(answers)) {
    t.ok(answer.status >= 400, `${what}: ${answer.status}`)
    t.same(canaries.in(answer), [], what)
  }
})

t.test('a wrong credential is refused without being quoted', async (t) => {
  const none = apiOf(service, null)
  const basic = btoa(`${userId}:${canaries.add('basic')}`)
  canaries.add('basic', basic)
  const wrong = {
    'a database key': `Bearer ${canaries.add('bearer')}`,
    'a credential with one more letter': `Bearer ${service.key}x`,
    'a credential that does not exist': `Bearer fxp_abcd1234_${canaries.add('unknown')}`,
    'another scheme': `Basic ${basic}`,
    'no scheme': service.key,
  }
  for (const [what, authorization] of Object.entries(wrong)) {
    for (const [method, path] of [
      ['GET', '/tenants'],
      ['DELETE', `/tenants/${userId}`],
      ['POST', '/tenants'],
    ] as const) {
      const answer = await none(method, path, undefined, { authorization })
      t.match([answer.status, answer.body.code], [401, 'unauthenticated'], `${what}: ${method} ${path}`)
      t.same(canaries.in(answer), [])
    }
  }
})

t.test('no object, event, metric or log line holds a key', async (t) => {
  await untilComplete(cluster, userId)
  // What a refused create has made is taken back, unless the refusal was the cluster's failure.
  const failed = refusals.find(({ code }) => code === 500)!.userId
  for (const id of [userId, ...refusals.map(({ userId }) => userId)]) {
    const { namespace, secret } = namesFor(id)
    const objects = await everythingIn(cluster, namespace)
    if (id === userId || id === failed) t.ok(objects.length > 1, `${id}: ${objects.length} objects`)
    for (const object of objects.filter(({ metadata }) => metadata?.name !== secret)) {
      t.same(canaries.in(JSON.stringify(object)), [], `${object.metadata?.name}`)
    }
  }
  t.same(canaries.in((await api('GET', '/metrics')).body), [], 'metrics')
  await service.stop()
  t.ok(service.log.length > 20, `${service.log.length} lines of log`)
  t.same(
    service.log.filter((line) => canaries.in(line).length > 0),
    [],
    'the log',
  )
  if (cluster.auditLog) t.same(canaries.in(await readFile(cluster.auditLog, 'utf8')), [quotedByPolicy], 'the audit log')
})
