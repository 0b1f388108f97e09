/** What a process takes on: requests of one credential, load as a whole, requests that wait, requests that do not come to an end. */
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { Waiters } from '../../src/tenants/commands/waiters.ts'
import { aSpec, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

t.test('a credential that asks too often is told 429 and when to come again, and no other is', async (t) => {
  const entries = { other: { scopes: ['read'] as ['read'] } }
  const { send, keys, lines, cluster } = await testApp(t, entries, { requestsPerMinute: 3 })
  cluster.clear()
  for (const left of ['2', '1', '0']) {
    const { status, headers } = await send('GET', '/tenants')
    t.strictSame([status, headers['ratelimit-remaining']], [200, left])
  }
  const body = { userId: 'user123', ramSize: '1Gi' }
  const refused = await send('POST', '/tenants', { body })
  t.match(refused, { status: 429, body: { code: 'too-many-requests', retryable: true } })
  t.match(refused.headers, { 'retry-after': /^[1-9]\d?$/, 'content-type': /^application\/problem\+json/ })
  t.equal(cluster.get('Namespace', 'fluxiondb-user123'), undefined, 'and nothing is made')
  t.match(lines.join(''), /"status":429/, 'the audit tells of it')
  t.equal((await send('GET', '/tenants', { key: keys.other })).status, 200, 'another credential has its own')
  t.equal((await send('GET', '/livez', { key: null })).status, 200, 'a probe is not counted')
  t.equal((await send('GET', '/tenants', { key: 'fxp_wrong' })).status, 401, 'nor is who is not known')
})

t.test('an address that has failed too often is told when to come again, and valid credentials pass', async (t) => {
  const { app, send, keys } = await testApp(t, {}, { requestsPerMinute: 3 }, { failuresPerMinute: 3 })
  for (let n = 0; n < 3; n++) t.equal((await send('GET', '/tenants', { key: 'fxp_wrong' })).status, 401)
  const refused = await send('GET', '/tenants', { key: 'fxp_wrong' })
  t.match(refused, { status: 429, body: { code: 'too-many-requests', retryable: true } })
  t.match(refused.headers, { 'retry-after': /^[1-9]\d?$/ })
  t.equal((await send('GET', '/tenants')).status, 200, 'others may share the address')
  const elsewhere = await app.inject({ url: '/tenants', remoteAddress: '192.0.2.7' })
  t.equal(elsewhere.statusCode, 401, 'another address has its own')
  const spoofed = await app.inject({ url: '/tenants', headers: { 'x-forwarded-for': '192.0.2.8' } })
  t.equal(spoofed.statusCode, 429, 'which is not one that the caller makes up')
  t.equal((await send('GET', '/tenants', { key: keys.admin })).status, 200)
  t.equal((await send('GET', '/tenants')).status, 200)
  t.equal((await send('GET', '/tenants')).status, 429, 'which has a limit of its own')
})

t.test('while the process has too much to do, requests are turned away and probes answered', async (t) => {
  const { send } = await testApp(t, {}, { eventLoopDelayMs: 20, sampleMs: 50, graceMs: 0 })
  t.equal((await send('GET', '/tenants')).status, 200)
  // One sample that the event loop did not come to at all.
  const until = performance.now() + 200
  while (performance.now() < until);
  await setTimeout(0)
  const [tenants, livez] = [await send('GET', '/tenants'), await send('GET', '/livez', { key: null })]
  t.match(tenants, { status: 503, body: { code: 'overloaded', retryable: true }, headers: { 'retry-after': /\d/ } })
  t.equal(livez.status, 200)
  await setTimeout(200)
  t.equal((await send('GET', '/tenants')).status, 200, 'and taken again when it is over')
})

t.test('no more requests are held than the process can hold: one more is answered at once', async (t) => {
  const { send, context, cluster } = await testApp(t)
  cluster.clear()
  Object.assign(context, { waiters: new Waiters(1) })
  for (const userId of ['a', 'b']) {
    const { pods: _, replicaSets: __, secretExists: ___, ...objects } = observed(aSpec({ userId }))
    for (const object of Object.values(objects)) if (object) cluster.put(object)
  }
  const ask = (userId: string) =>
    send('PATCH', `/tenants/${userId}`, { body: { options: { description: 'x' } }, headers: { prefer: 'wait=1' } })
  const first = ask('a')
  await setTimeout(100)
  const second = await ask('b')
  t.match(second, { status: 202, headers: { 'preference-applied': undefined } })
  t.match(await first, { status: 202, headers: { 'preference-applied': 'wait=1' } })
  t.match(await ask('b'), { headers: { 'preference-applied': 'wait=1' } }, 'there is room again')
})
