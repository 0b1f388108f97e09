/** Bad input: each is told which field breaks which rule, and none of it reaches the cluster. */
import t, { type Test } from 'tap'
import { until } from '../helpers/api.ts'
import { serviceWrites, withoutAuditLog } from '../helpers/audit-log.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, recordOf, untilComplete } from '../helpers/tenant-objects.ts'

type Bad = {
  what: string
  body: unknown
  headers?: Record<string, string>
  /** What the problem says; without a pointer no field is to blame. */
  says: { status?: number; code?: string; pointer?: string; message: RegExp }
}

const LABEL = /must match pattern|must NOT have/
const QUANTITY = /must be a number with an optional unit/
const MEGABYTES_10 = 10 * 2 ** 20

const BAD_IDS: Bad[] = [
  ...['A', '-a', 'a-', 'a_b', '../x', 'ключ', 'a\n', ''].map((userId) => ({ userId, message: LABEL })),
  { userId: 'a'.repeat(41), message: /must NOT have more than 40 characters/ },
  { userId: 5, message: /must be string/ },
].map(({ userId, message }) => ({
  what: `the id ${JSON.stringify(userId)}`,
  body: { userId, ramSize: '128Mi' },
  says: { pointer: '/userId', message },
}))

const BAD_SIZES: Bad[] = [
  ...['-1Gi', '512m', '1e400', '2 Gi', '', 'NaN'].map((ramSize) => ({ ramSize, message: QUANTITY })),
  { ramSize: '0', message: /must be more than zero/ },
  { ramSize: '0.3', message: /must come to a whole number of bytes/ },
  { ramSize: '1Ti', message: /64Gi/ },
  { ramSize: '127Mi', message: /128Mi/ },
  { ramSize: '9'.repeat(1000), message: /must NOT have more than 32 characters/ },
  { ramSize: 2 ** 30, message: /must be string/ },
].map(({ ramSize, message }) => ({
  what: `the size ${JSON.stringify(ramSize).slice(0, 40)}`,
  body: { ramSize },
  says: { pointer: '/ramSize', message },
}))

const BAD_KEYS: Bad[] = [
  { apiKey: 'short', message: /must NOT have fewer than 8 characters/ },
  { apiKey: 'x'.repeat(257), message: /must NOT have more than 256 characters/ },
  ...['with spaces', 'with/slash', 'with?query', 'with#hash', 'percent%41', 'ключключ', 'line\nbreak'].map(
    (apiKey) => ({
      apiKey,
      message: /must match pattern/,
    }),
  ),
].map(({ apiKey, message }) => ({
  what: `the key ${JSON.stringify(apiKey).slice(0, 40)}`,
  body: { ramSize: '128Mi', apiKey },
  says: { pointer: '/apiKey', message },
}))

const BAD_BODIES: Bad[] = [
  {
    what: 'an unknown field',
    body: { ramSize: '128Mi', storage: '1Gi' },
    says: { pointer: '/storage', message: /is not a known field/ },
  },
  { what: 'a missing field', body: {}, says: { pointer: '/ramSize', message: /is missing/ } },
  { what: 'a body cut short', body: '{"ramSize":', says: { message: /not valid JSON/ } },
  { what: 'an empty body', body: '', says: { pointer: '/', message: /must be object/ } },
  {
    what: 'a body of 10 MB',
    body: { ramSize: 'x'.repeat(MEGABYTES_10) },
    says: { status: 413, code: 'body-too-large', message: /too large/ },
  },
  {
    what: 'another content type',
    body: 'ramSize: 128Mi',
    headers: { 'content-type': 'application/yaml' },
    says: { status: 415, code: 'unsupported-media-type', message: /application\/json/ },
  },
]

const CREATES: Bad[] = [
  ...BAD_IDS,
  ...[...BAD_SIZES, ...BAD_KEYS, ...BAD_BODIES].map((bad) => ({
    ...bad,
    body: typeof bad.body === 'string' ? bad.body : { userId: 'valid', ...(bad.body as object) },
  })),
]
const RESIZES = [...BAD_SIZES, ...BAD_BODIES]

const cluster = await testCluster()
const service = await serve(t, cluster)
const { api } = service
const userId = newUserId(t, cluster, 'invalid')
await api('POST', '/tenants', { userId, ramSize: '128Mi' })
await untilComplete(cluster, userId)

/** Sends bad requests and checks that each is told what is wrong with it. */
async function refuses(t: Test, method: string, path: string, requests: Bad[]): Promise<void> {
  for (const { what, body, headers, says } of requests) {
    const { status = 400, code = 'invalid-request', pointer, message } = says
    const answer = await api(method, path, body, headers)
    t.match([answer.status, answer.body.code, answer.body.retryable], [status, code, false], what)
    t.match(answer.body.detail, message, `${what}: the sentence says the rule`)
    if (pointer === undefined) t.same(answer.body.errors, [], `${what}: no field is to blame`)
    else t.match(answer.body.errors, [{ pointer, message }], `${what}: the field is named`)
  }
}

t.test('a bad create is told which field breaks which rule', async (t) => {
  await refuses(t, 'POST', '/tenants', CREATES)
  t.equal((await api('GET', '/tenants/valid')).status, 404)
})

t.test('a bad id in an address is told the rule, whatever is asked of it', async (t) => {
  const requests = [
    ['GET', ''],
    ['PATCH', '/ram'],
    ['DELETE', ''],
    ['DELETE', '?purge=true'],
    ['POST', '/undelete'],
    ['GET', '/operations'],
  ] as const
  for (const id of ['A', '-a', 'a'.repeat(41), '../x', 'ключ']) {
    for (const [method, path] of requests) {
      const body = method === 'PATCH' ? { ramSize: '128Mi' } : undefined
      const answer = await api(method, `/tenants/${encodeURIComponent(id)}${path}`, body)
      t.match([answer.status, answer.body.code], [400, 'invalid-request'], `${method} ${id}${path}`)
      t.match(answer.body.errors, [{ pointer: 'id', message: /must/ }], `${method} ${id}${path}`)
    }
  }
})

t.test('a bad resize of a tenant is told the same, and changes nothing', async (t) => {
  const before = await recordOf(cluster, userId)
  await refuses(t, 'PATCH', `/tenants/${userId}/ram`, RESIZES)
  t.same(await recordOf(cluster, userId), before)
})

t.test('a bad request writes nothing to the cluster', { skip: withoutAuditLog(cluster) }, async (t) => {
  await service.stop() // Which has then written all that it had to.
  const before = await serviceWrites(cluster)
  t.ok(before.length > 0, 'what the service writes is in the log')

  const { api: next } = await serve(t, cluster)
  for (const { body, headers } of CREATES) await next('POST', '/tenants', body, headers)
  for (const { body, headers } of RESIZES) await next('PATCH', `/tenants/${userId}/ram`, body, headers)
  t.equal((await next('PATCH', `/tenants/${userId}/ram`, { ramSize: '129Mi' })).status, 202)
  const [first] = await until('a write after those before', async () => {
    const since = (await serviceWrites(cluster)).slice(before.length)
    return since.length > 0 && since
  })
  t.match(first, new RegExp(`^patch /api/v1/namespaces/fluxiondb-${userId}\\?`), 'only the good one is carried out')
})
