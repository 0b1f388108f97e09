import t from 'tap'
import { renderOperations } from '../../src/manifests/operations.ts'
import { accounts } from '../../src/tenants/billing/account.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { withAllotment, withOperation } from '../../src/tenants/record/transitions.ts'
import { anOperation, aSpec, liveNamespace } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, context, keys, send } = await testApp(t, {
  bound: { scopes: ['read'], userId: 'a' },
  unread: { scopes: ['metrics'] },
})
const SPAN = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'

/** One of 2Gi from noon on, or from another hour. */
function tenant(userId: string, hour = '12'): Spec {
  const startedAt = `2026-01-01T${hour}:00:00.000Z`
  const spec = withAllotment({ ...aSpec({ userId, operation: anOperation({ startedAt }) }), updatedAt: startedAt })
  cluster.put(liveNamespace(spec))
  return spec
}
function row(userId: string, hours: number, purged = false, since = '2026-01-01T12:00:00.000Z') {
  return { userId, ramGibHours: 2 * hours, storageGibHours: 4 * hours, runningHours: hours, since, purged }
}
async function purge(spec: Spec, hour: string): Promise<void> {
  const startedAt = `2026-01-01T${hour}:00:00.000Z`
  const operation = anOperation({ id: `PURGE-${hour}`, type: 'purge', startedAt })
  const purged = withOperation(spec, operation, { purgeRequestedAt: startedAt })
  await context.archive.keep(purged, [...spec.operation.allotted!, ...purged.operation.allotted!])
}

t.test('lists what tenants were given, and those that were purged too', async (t) => {
  for (const userId of ['c', 'a', 'b']) tenant(userId)
  await purge(aSpecOf('purged', '06'), '18')
  // One of its id was purged before it, and what it says itself is in the ConfigMap.
  await purge(aSpecOf('b', '00'), '06')
  tenant('later', '23')
  const { status, body } = await send('GET', `/usage?${SPAN}`)
  t.equal(status, 200)
  t.strictSame(body, {
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-02T00:00:00.000Z',
    items: [
      row('a', 12),
      row('b', 18, false, '2026-01-01T00:00:00.000Z'),
      row('c', 12),
      row('later', 1, false, '2026-01-01T23:00:00.000Z'),
      row('purged', 12, true, '2026-01-01T06:00:00.000Z'),
    ],
    nextCursor: null,
  })
  const csv = await send('GET', `/usage.csv?${SPAN}`)
  t.match(csv.headers['content-type'], /^text\/csv/)
  const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z']
  t.strictSame(csv.text.split('\n').slice(0, 2), [
    'userId,from,to,ramGibHours,storageGibHours,runningHours,since,purged',
    `a,${from},${to},24,48,12,2026-01-01T12:00:00.000Z,false`,
  ])
  t.equal(csv.text.split('\n').length, 7)
})

t.test('goes by what is kept beside the record, and by a purge that is kept twice as by one', async (t) => {
  const spec = tenant('a')
  const kept = [{ from: '2026-01-01T10:00:00.000Z', ram: '1Gi', storage: '2Gi' }]
  cluster.put(renderOperations('a', '[]', undefined, JSON.stringify(kept)))
  const purged = aSpecOf('b', '06')
  await purge(purged, '18')
  await purge(purged, '18')
  t.match((await send('GET', `/usage?${SPAN}`)).body.items, [
    { userId: 'a', ramGibHours: 2 + 24, since: '2026-01-01T10:00:00.000Z' },
    { userId: 'b', ramGibHours: 24 },
  ])
  t.equal(spec.userId, 'a')
})

t.test('leaves out nobody who is purged while others are read', async (t) => {
  for (const userId of ['a', 'b']) tenant(userId)
  const { archive, tenants } = context
  const rows = accounts(context, { from: Date.parse('2026-01-01'), to: Date.parse('2026-01-02') })
  const all = archive.all.bind(archive)
  let looks = 0
  archive.all = async (userId) => {
    const found = await all(userId)
    // Between the look at the archive and that at the tenant.
    if (looks++ === 0) {
      await purge(tenants.specOf('b')!, '18')
      await context.apis.core.deleteNamespace({ name: 'fluxiondb-b' })
    }
    return found
  }
  t.teardown(() => {
    archive.all = all
  })
  const seen: string[] = []
  for await (const { userId, isPurged, runningMs } of rows) seen.push(`${userId} ${isPurged} ${runningMs / 3_600_000}`)
  t.strictSame(seen, ['a false 12', 'b true 6'])
})

t.test('comes in pages, each tenant once', async (t) => {
  for (const userId of ['a', 'b', 'c']) tenant(userId)
  const seen: string[] = []
  let cursor = ''
  do {
    const { body } = await send('GET', `/usage?${SPAN}&limit=1&cursor=${cursor}`)
    seen.push(...body.items.map(({ userId }: { userId: string }) => userId))
    cursor = body.nextCursor
  } while (cursor)
  t.strictSame(seen, ['a', 'b', 'c'])
})

t.test('shows a bound credential its own', async (t) => {
  for (const userId of ['a', 'b']) tenant(userId)
  await purge(aSpecOf('c', '06'), '18')
  const { body } = await send('GET', `/usage?${SPAN}`, { key: keys.bound })
  t.match(body.items, [{ userId: 'a' }])
  t.equal(body.items.length, 1)
  t.equal((await send('GET', `/usage.csv?${SPAN}`, { key: keys.bound })).text.split('\n').length, 3)
  t.equal((await send('GET', '/usage', { key: keys.unread })).status, 403)
})

t.test('ends now, and begins with the month, unless another span is asked for', async (t) => {
  const { body } = await send('GET', '/usage?to=2999-01-01T00:00:00Z')
  t.ok(Date.parse(body.to) <= Date.now())
  t.match(body.from, /-01T00:00:00\.000Z$/)
})

t.test('says what is wrong with a span', async (t) => {
  for (const [query, pointer] of [
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
    ['from=2999-01-02T00:00:00Z', 'from'],
    ['to=2020-01-01T00:00:00Z', 'to'],
    ['from=yesterday', 'from'],
    ['to=2026-13-01T00:00:00Z', 'to'],
  ] as const) {
    for (const path of ['/usage', '/usage.csv']) {
      const { status, body } = await send('GET', `${path}?${query}`)
      t.match([status, body.code, body.errors], [400, 'invalid-request', [{ pointer }]], query)
    }
  }
})

function aSpecOf(userId: string, hour: string): Spec {
  const startedAt = `2026-01-01T${hour}:00:00.000Z`
  return withAllotment({ ...aSpec({ userId, operation: anOperation({ startedAt }) }), updatedAt: startedAt })
}
