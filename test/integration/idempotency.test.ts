/** What an Idempotency-Key promises: the same request again gets the same answer and does nothing twice. */
import t from 'tap'
import { newCredential } from '../../src/credentials/credential.ts'
import { apiOf, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { startCuttingProxy } from '../helpers/cutting-proxy.ts'
import { serve } from '../helpers/serve.ts'
import { keyIn, newUserId, recordOf, secretsOf, untilComplete } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })
const services = await Promise.all([1, 2].map(() => serve(t, cluster, {}, { credentials: [entry] })))
const apis = services.map((service) => apiOf(service, key))
const [api] = apis as [(typeof apis)[number]]

t.test('simultaneous creates with one Idempotency-Key are one create, and each is told its key', async (t) => {
  const body = { userId: newUserId(t, cluster, 'race-same'), ramSize: '128Mi' }
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => apis[index % 2]!('POST', '/tenants', body, { 'idempotency-key': 'race' })),
  )
  t.same(new Set(answers.map(({ status }) => status)), new Set([202]))
  t.equal(new Set(answers.map(({ body }) => body.operation.id)).size, 1)
  t.same(new Set(answers.map(({ body }) => body.apiKey)), new Set([keyIn(await secretsOf(cluster, body.userId))]))
})

t.test('a request that its own repetition overtakes is answered like it', async (t) => {
  const request = { userId: newUserId(t, cluster, 'overtaken'), ramSize: '128Mi' }
  const headers = { 'idempotency-key': request.userId }
  const { promise: overtaken, resolve: overtake } = Promise.withResolvers<void>()
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, ({ resource }) =>
    resource === 'secrets' ? { until: overtaken } : undefined,
  )
  t.teardown(() => proxy.close())
  const slow = apiOf(await serve(t, cluster, { KUBECONFIG: proxy.kubeconfig }, { credentials: [entry] }), key)

  const first = slow('POST', '/tenants', request, headers)
  await until('the Secret is on its way', async () => proxy.writes.some(({ resource }) => resource === 'secrets'))
  const again = await api('POST', '/tenants', request, headers)
  overtake()
  t.equal(again.status, 202)
  const { status, body } = await first
  t.ok(status === 202 || status === 201, `answered with ${status}`)
  t.equal(body.operation?.id, again.body.operation.id)
  t.equal(body.apiKey, again.body.apiKey)
})

t.test('an Idempotency-Key stands for one request', async (t) => {
  const [userId, other] = [newUserId(t, cluster, 'same'), newUserId(t, cluster, 'other')]
  const headers = { 'idempotency-key': userId }
  const request = { userId, ramSize: '128Mi', apiKey: 'a-key-of-the-caller' }
  const first = await api('POST', '/tenants', request, headers)
  t.equal(first.status, 202)
  t.equal(first.body.apiKey, undefined, 'a key that the caller knows is not sent back')

  const again = await apis[1]!('POST', '/tenants', request, headers)
  t.ok(again.status === 202 || again.status === 201)
  t.equal(again.body.operation.id, first.body.operation.id)
  const different = {
    'another size': { ...request, ramSize: '256Mi' },
    'another key of the database': { ...request, apiKey: 'another-key-of-the-caller' },
    'another id': { ...request, userId: other },
  }
  for (const [what, body] of Object.entries(different)) {
    const answer = await api('POST', '/tenants', body, headers)
    t.match([answer.status, answer.body.code], [422, 'idempotency-key-reused'], what)
  }
  t.equal(keyIn(await secretsOf(cluster, userId)), request.apiKey)
  t.equal((await recordOf(cluster, userId)).desired.ramSize, '128Mi')
  t.equal((await api('GET', `/tenants/${other}`)).status, 404)
  const byAnother = await services[0]!.api('POST', '/tenants', request, headers)
  t.match([byAnother.status, byAnother.body.code], [409, 'tenant-exists'], 'another credential has keys of its own')
})

t.test('a change of a tenant is made once for its Idempotency-Key, and is known after newer ones', async (t) => {
  const userId = newUserId(t, cluster, 'change')
  await api('POST', '/tenants', { userId, ramSize: '128Mi' })
  await untilComplete(cluster, userId) // A volume that is not there yet cannot grow.
  const resize = (ramSize: string, key: string) =>
    api('PATCH', `/tenants/${userId}/ram`, { ramSize }, { 'idempotency-key': key })
  const first = await resize('129Mi', 'first')
  const second = await resize('130Mi', 'second')
  t.equal(second.body.desired.ramSize, '130Mi')

  const again = await resize('129Mi', 'first')
  t.equal(again.body.operation.id, first.body.operation.id)
  t.equal(again.body.operation.state, 'superseded', 'and what has become of it')
  t.equal(again.body.desired.ramSize, '130Mi', 'it is not made again')
  const other = await resize('131Mi', 'first')
  t.match([other.status, other.body.code], [422, 'idempotency-key-reused'])
  await untilComplete(cluster, userId)
  t.equal((await resize('129Mi', 'first')).body.operation.id, first.body.operation.id)
  t.equal((await recordOf(cluster, userId)).desired.ramSize, '130Mi')
})
