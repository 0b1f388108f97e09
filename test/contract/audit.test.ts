import t from 'tap'
import { renderSecret } from '../../src/manifests/secret.ts'
import { aSpec, liveNamespace } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, keys, lines, send } = await testApp(t)

t.test('writes who changed what in one line, refused or not, and nothing of its values', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '4Gi' }, key: null })
  await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '100Gi' } })
  await send('POST', '/tenants', { body: { userId: 'NOT AN ID', ramSize: '2Gi', apiKey: 'hunter2-hunter2' } })
  await send('GET', '/tenants/user123')
  const audit = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'audit')
  const [, id] = keys.admin.split('_')
  const action = 'PATCH /tenants/:id/ram'
  t.match(
    audit.map((line) => line.audit),
    [
      { credential: null, action, tenant: 'user123', status: 401, requestId: String },
      { credential: id, action, tenant: 'user123', status: 400 },
      { credential: id, action: 'POST /tenants', tenant: null, status: 400 },
    ],
  )
  t.equal(audit.length, 3)
  t.strictSame(
    audit.map((line) => line.audit.sizes),
    [undefined, undefined, undefined],
    'no sizes where nothing was written',
  )
  t.notMatch(lines.join(''), /hunter2|NOT AN ID|100Gi/)
})

t.test('tells the sizes before and after a write', async (t) => {
  await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2Gi' } })
  cluster.put(renderSecret('user123', 'the-key-of-the-database', '{}'))
  await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '4Gi' } })
  await send('DELETE', '/tenants/user123?purge=true')
  const sizes = lines.map((line) => JSON.parse(line)).flatMap(({ audit }) => (audit ? [audit.sizes] : []))
  const [two, four] = [
    { ramSize: '2Gi', storageSize: '4Gi' },
    { ramSize: '4Gi', storageSize: '8Gi' },
  ]
  t.strictSame(sizes, [
    { before: null, after: two },
    { before: two, after: four },
    { before: four, after: null },
  ])
})

t.test('counts requests by route, and has no tenant in any metric', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  await send('GET', '/tenants/user123')
  const { text, headers } = await send('GET', '/metrics')
  t.match(headers['content-type'], /^text\/plain/)
  t.match(text, /http_request_seconds_count\{.*route="\/tenants\/:id".*\} [1-9]/)
  t.notMatch(text, /user123/)
})
