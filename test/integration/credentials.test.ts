/** What each credential opens, and what it is told of the rest. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Entry, newCredential } from '../../src/credentials/credential.ts'
import { SCOPES, type Scope } from '../../src/credentials/identity.ts'
import { type Answer, apiOf, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, recordOf } from '../helpers/tenant-objects.ts'

/** A request for each scope that has one, of a tenant that is not there: whoever may send it is told so. */
const REQUESTS: [scopes: Scope[], method: string, path: string, body?: object][] = [
  [['read'], 'GET', '/tenants'],
  [['read'], 'GET', '/tenants/nobody'],
  [['read'], 'GET', '/tenants/nobody/operations'],
  [['write'], 'POST', '/tenants', {}],
  [['resize'], 'PATCH', '/tenants/nobody/ram', { ramSize: '128Mi' }],
  [['delete'], 'DELETE', '/tenants/nobody'],
  [['delete', 'purge'], 'DELETE', '/tenants/nobody?purge=true'],
  [['delete'], 'POST', '/tenants/nobody/undelete'],
  [['metrics'], 'GET', '/metrics'],
]

const cluster = await testCluster()
const [ours, other] = [newUserId(t, cluster, 'bound'), newUserId(t, cluster, 'other')]
const withScopes = Object.fromEntries(
  SCOPES.map((scope) => [scope, newCredential({ name: scope, scopes: [scope] })]),
) as Record<Scope, ReturnType<typeof newCredential>>
const bound = newCredential({ name: 'bound', scopes: ['admin'], userId: ours, maxRamSize: '256Mi' })
const limited = newCredential({ name: 'limited', scopes: ['write', 'resize'], maxRamSize: '256Mi' })
const expired = newCredential({ name: 'expired', scopes: ['admin'], expiresAt: '2026-01-01T00:00:00Z' })
const credentials = [...Object.values(withScopes), bound, limited, expired].map(({ entry }) => entry)
// It asks more often than who has no credential may.
const service = await serve(t, cluster, { FAILURES_PER_MINUTE: '0' }, { credentials })
const { api } = service
await until('it knows the cluster', async () => (await api('GET', '/readyz')).status === 200)
for (const userId of [ours, other]) await api('POST', '/tenants', { userId, ramSize: '128Mi' })

/** All that an answer tells, but for the address and id of the request. */
const toldBy = ({ status, body: { instance: _, requestId: __, ...told } }: Answer) => ({ status, ...told })

t.test('a credential opens what its scopes say and nothing else', async (t) => {
  for (const scope of SCOPES) {
    const send = apiOf(service, withScopes[scope].key)
    for (const [needed, method, path, body] of REQUESTS) {
      const { status, body: answer } = await send(method, path, body)
      const missing = scope === 'admin' ? undefined : needed.find((one) => one !== scope)
      const what = `${scope}: ${method} ${path}`
      if (missing === undefined) t.ok([200, 400, 404].includes(status), `${what} is let in: ${status}`)
      else {
        t.match([status, answer.code], [403, 'scope-missing'], what)
        t.match(answer.detail, `"${missing}"`, `${what} is told what it lacks`)
      }
    }
  }
})

t.test('without a credential that is right and in force only the public routes answer', async (t) => {
  const wrong = `${withScopes.admin.key.slice(0, -4)}AAAA`
  for (const key of [null, 'admin', wrong, expired.key]) {
    const send = apiOf(service, key)
    for (const path of ['/livez', '/readyz']) t.equal((await send('GET', path)).status, 200, path)
    for (const [, method, path, body] of REQUESTS) {
      const answer = await send(method, path, body)
      t.match([answer.status, answer.body.code], [401, 'unauthenticated'], `${method} ${path}`)
      t.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  }
})

t.test('a credential that is bound to a tenant learns of no other, and creates none', async (t) => {
  const send = apiOf(service, bound.key)
  await until('both tenants are listed', async () => {
    const ids = (await api('GET', '/tenants?limit=500')).body.items?.map(({ userId }: { userId: string }) => userId)
    return ids?.includes(ours) && ids.includes(other)
  })
  const list = await send('GET', '/tenants?limit=1')
  t.match(list.body, { items: [{ userId: ours }], nextCursor: null })
  t.equal(list.body.items.length, 1)

  const before = await recordOf(cluster, other)
  for (const [, method, path, body] of REQUESTS.filter(([, , path]) => path.includes('nobody'))) {
    const there = await send(method, path.replace('nobody', other), body)
    t.match([there.status, there.body.code], [404, 'tenant-not-found'], `${method} ${path}`)
    t.same(toldBy(there), toldBy(await send(method, path, body)), `${method} ${path}: as if it were not there`)
  }
  const { operation, generation } = await recordOf(cluster, other)
  t.same([operation.id, generation], [before.operation.id, before.generation], 'nothing was done to it')
  for (const userId of [ours, other, 'nobody']) {
    const { status, body } = await send('POST', '/tenants', { userId, ramSize: '128Mi' })
    t.match([status, body.code], [403, 'scope-missing'], userId)
  }
  t.equal((await send('GET', `/tenants/${ours}`)).status, 200)
})

t.test('a credential asks for no more RAM than it may', async (t) => {
  const third = newUserId(t, cluster, 'limited')
  const requests = [
    [limited.key, 'POST', '/tenants', { userId: third }],
    [limited.key, 'PATCH', `/tenants/${other}/ram`, {}],
    [bound.key, 'PATCH', `/tenants/${ours}/ram`, {}],
  ] as const
  for (const [key, method, path, body] of requests) {
    const send = apiOf(service, key)
    const refused = await send(method, path, { ...body, ramSize: '257Mi' })
    t.match([refused.status, refused.body.code], [403, 'ram-above-credential'], path)
    t.match(refused.body.detail, '256Mi', 'and it is told how much it may')
    t.equal((await send(method, path, { ...body, ramSize: '256Mi' })).status, 202, path)
  }
  t.equal((await recordOf(cluster, ours)).desired.ramSize, '256Mi')
})

t.test('a credential ends when its time is over', async (t) => {
  const expiresAt = new Date(Date.now() + 15_000)
  const key = await service.addCredential({ name: 'short', scopes: ['read'], expiresAt: expiresAt.toISOString() })
  const status = async () => (await apiOf(service, key)('GET', '/tenants/nobody')).status
  await until('it is known', async () => (await status()) === 404, 12)
  await until('its time is over', async () => (await status()) === 401, 20)
  t.ok(Date.now() >= expiresAt.getTime(), 'and not before')
})

t.test('a changed file of credentials is in force within seconds, and a damaged one is not taken', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'credentials-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const file = join(folder, 'keys.json')
  const save = (...keys: Entry[]) => writeFile(file, JSON.stringify({ keys }))
  const [first, second] = [withScopes.read, withScopes.admin]
  await save(first.entry)
  const own = await serve(t, cluster, { API_KEYS_FILE: file })
  const statusOf = async ({ key }: typeof first) => (await apiOf(own, key)('GET', '/tenants/nobody')).status
  t.same([await statusOf(first), await statusOf(second)], [404, 401])

  await save(second.entry)
  await until('the new one is known', async () => (await statusOf(second)) === 404, 12)
  t.equal(await statusOf(first), 401, 'what is taken out of it is revoked')
  await writeFile(file, '{"keys": [')
  await until('the damage is logged', async () => own.log.some((line) => line.includes('cannot be used')), 12)
  t.same([await statusOf(first), await statusOf(second)], [401, 404], 'what was read before stays in force')
  await save(first.entry, second.entry)
  await until('it is mended', async () => (await statusOf(first)) === 404, 12)
})
