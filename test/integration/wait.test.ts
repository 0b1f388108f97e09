/** How long a write is held for its operation to end, and what it may depend on. */
import t, { type Test } from 'tap'
import { until, untilState } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, recordOf } from '../helpers/tenant-objects.ts'

/** More RAM than the cluster's node has: an operation that goes on until its deadline. */
const TOO_MUCH = '60Gi'
const WAIT = { prefer: 'wait=60' }

const cluster = await testCluster()
const service = await serve(t, cluster, { FLUSH_INTERVAL_SECONDS: '2' })
const { api } = service
const needsPods = { skip: withoutPods(cluster), buffered: true }

/** Each has tenants of its own. */
t.jobs = 7

async function createActive(t: Test, prefix: string) {
  const userId = newUserId(t, cluster, prefix)
  const { status, headers } = await api('POST', '/tenants', { userId, ramSize: '128Mi' }, WAIT)
  if (status !== 201) throw new Error(`a create was answered ${status}`)
  return { userId, path: `/tenants/${userId}`, etag: headers.get('etag')! }
}

t.test('a write that waits is answered when its operation has ended', needsPods, async (t) => {
  const userId = newUserId(t, cluster, 'wait')
  const path = `/tenants/${userId}`
  const writes = [
    [201, 'active', 'POST', '/tenants', { userId, ramSize: '128Mi' }],
    [200, 'active', 'PATCH', `${path}/ram`, { ramSize: '160Mi' }],
    [200, 'deleted', 'DELETE', path],
    [200, 'active', 'POST', `${path}/undelete`],
  ] as const
  for (const [done, state, method, address, body] of writes) {
    const answer = await api(method, address, body, WAIT)
    t.match([answer.status, answer.body.state, answer.body.operation?.state], [done, state, 'succeeded'], address)
    t.equal(answer.headers.get('preference-applied'), 'wait=60')
    t.equal(new URL(answer.headers.get('location')!, service.address + address).pathname, path)
    t.equal(answer.headers.get('retry-after'), null)
  }
  const purged = await api('DELETE', `${path}?purge=true`, undefined, WAIT)
  t.match([purged.status, purged.body], [204, ''])
  t.equal(purged.headers.get('preference-applied'), 'wait=60')
  t.equal((await api('GET', path)).status, 404, 'nothing is left')
})

t.test('a write whose time is over is answered with its operation as it stands', { buffered: true }, async (t) => {
  const userId = newUserId(t, cluster, 'late')
  const started = Date.now()
  const answer = await api('POST', '/tenants', { userId, ramSize: TOO_MUCH }, { prefer: 'respond-async, wait=1' })
  t.ok(Date.now() - started >= 1000, 'not before its time')
  t.match([answer.status, answer.body.state, answer.body.operation.state], [202, 'creating', 'running'])
  t.equal(answer.headers.get('preference-applied'), 'wait=1')
  t.ok(Number(answer.headers.get('retry-after')) > 0)
  t.ok(answer.body.apiKey, 'with the key, which is shown only once')

  const unheld = await api('PATCH', `/tenants/${userId}/ram`, { ramSize: '61Gi' }, { prefer: 'handling=strict' })
  t.equal(unheld.status, 202)
  t.equal(unheld.headers.get('preference-applied'), null, 'who does not ask to wait does not')
})

t.test('nobody is held for more than a minute', needsPods, async (t) => {
  const { path } = await createActive(t, 'minute')
  const answer = await api('PATCH', `${path}/ram`, { ramSize: '128Mi' }, { prefer: 'wait=9999' })
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('preference-applied'), 'wait=60')
})

t.test('a caller that hangs up ends its wait, not the operation', needsPods, async (t) => {
  const userId = newUserId(t, cluster, 'hang-up')
  const caller = new AbortController()
  const request = fetch(`${service.address}/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json', ...WAIT },
    body: JSON.stringify({ userId, ramSize: '128Mi' }),
    signal: caller.signal,
  })
  await until('the operation runs', async () => {
    const { status, body } = await api('GET', `/tenants/${userId}`)
    return status === 200 && body.state === 'creating'
  })
  caller.abort()
  await t.rejects(request, { name: 'AbortError' })
  const { operation } = await untilState(api, userId, 'active')
  t.match(operation, { type: 'create', state: 'succeeded' })
})

t.test('a write that depends on an ETag is made on what the caller has seen, or not at all', needsPods, async (t) => {
  const { userId, path, etag } = await createActive(t, 'match')
  const resize = (ramSize: string, ifMatch: string) => api('PATCH', `${path}/ram`, { ramSize }, { 'if-match': ifMatch })
  const resized = await resize('160Mi', etag)
  t.equal(resized.status, 202)
  const before = await recordOf(cluster, userId)
  for (const [method, address, body] of [
    ['PATCH', `${path}/ram`, { ramSize: '192Mi' }],
    ['DELETE', path],
    ['DELETE', `${path}?purge=true`],
    ['POST', `${path}/undelete`],
  ] as const) {
    const answer = await api(method, address, body, { 'if-match': etag })
    t.match([answer.status, answer.body.code], [412, 'precondition-failed'], `${method} ${address}`)
  }
  const after = await recordOf(cluster, userId)
  t.same([after.generation, after.desired], [before.generation, before.desired])
  t.equal((await resize('192Mi', resized.headers.get('etag')!)).status, 202)
  t.equal((await resize('224Mi', '*')).status, 202, 'any tenant will do')
})

t.test('the ETag changes with what is desired, not with what happens', needsPods, async (t) => {
  const userId = newUserId(t, cluster, 'etag')
  const path = `/tenants/${userId}`
  const etagOf = async () => (await api('GET', path)).headers.get('etag')
  const created = await api('POST', '/tenants', { userId, ramSize: '128Mi' })
  const etag = created.headers.get('etag')
  t.match(etag, /^"[0-9a-f]{8}-1"$/)
  await untilState(api, userId, 'active')
  t.equal(await etagOf(), etag, 'not with the end of an operation')

  const { namespace } = created.body
  const pods = async () => (await cluster.admin.core.listNamespacedPod({ namespace })).items
  const [pod] = await pods()
  await cluster.admin.core.deleteNamespacedPod({ name: pod!.metadata!.name!, namespace })
  await until('another pod', async () => (await pods()).every(({ metadata }) => metadata?.uid !== pod!.metadata?.uid))
  await untilState(api, userId, 'active')
  t.equal(await etagOf(), etag, 'not with another pod')
  t.equal((await api('PATCH', `${path}/ram`, { ramSize: '128Mi' })).headers.get('etag'), etag, 'not for what holds')

  const resized = await api('PATCH', `${path}/ram`, { ramSize: '160Mi' })
  t.not(resized.headers.get('etag'), etag)
  await untilState(api, userId, 'active')
  t.equal(await etagOf(), resized.headers.get('etag'))
})
