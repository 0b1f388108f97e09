import t from 'tap'
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
  t.notMatch(lines.join(''), /hunter2|NOT AN ID|100Gi/)
})

t.test('counts requests by route, and has no tenant in any metric', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  await send('GET', '/tenants/user123')
  const { text, headers } = await send('GET', '/metrics')
  t.match(headers['content-type'], /^text\/plain/)
  t.match(text, /http_request_seconds_count\{.*route="\/tenants\/:id".*\} [1-9]/)
  t.notMatch(text, /user123/)
})
