/** Every request is counted once and every write audited once, however it ends. Over real sockets, as most of it is about them. */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { until } from '../helpers/api.ts'
import { aSpec, liveNamespace, observed } from '../helpers/observed.ts'
import { askRaw, sendRaw } from '../helpers/raw-http.ts'
import { testApp } from './test-app.ts'

const { app, cluster, keys, lines, metrics, started } = await testApp(t)
const address = await app.listen({ host: '127.0.0.1', port: 0 })
t.beforeEach(() => metrics.requests.reset())

const head = (request: string, ...headers: string[]) =>
  [`${request} HTTP/1.1`, 'host: x', `authorization: Bearer ${keys.admin}`, ...headers, '', ''].join('\r\n')
const audited = () =>
  lines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'audit')
    .map(({ audit: { action, tenant, status, aborted } }) => [action, tenant, status, aborted])
/** Every request that was counted, as `method route status`. */
async function counted(): Promise<string[]> {
  const { values } = await metrics.requests.get()
  return values
    .filter(({ metricName }) => metricName?.endsWith('_count'))
    .flatMap(({ labels: { method, route, status }, value }) => Array(value).fill(`${method} ${route} ${status}`))
}
/** Waits for the first end, and for as long again for a second one. */
async function ends() {
  await until('the request has ended', async () => (await counted()).length > 0, 10)
  await sleep(50)
  return { audited: audited(), counted: await counted() }
}

function tenant(): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(aSpec())
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
}

t.test('a write whose caller leaves while it is carried out', async (t) => {
  tenant()
  const { promise, resolve } = Promise.withResolvers<void>()
  cluster.held = promise
  const socket = await sendRaw(address, head('POST /tenants/user123/suspend'))
  await sleep(50)
  socket.destroy()
  await sleep(50)
  t.same([audited(), await counted()], [[], []], 'it has not ended')
  resolve()
  t.same(await ends(), {
    audited: [['POST /tenants/:id/suspend', 'user123', 202, true]],
    counted: ['POST /tenants/:id/suspend 499'],
  })
  t.same(started, ['user123'], 'it was carried out')
})

for (const [when, isHeld] of [
  ['while it waits for the end of its operation', false],
  ['before it begins to wait', true],
] as const) {
  t.test(`a write whose caller leaves ${when}`, async (t) => {
    tenant()
    const { promise, resolve } = Promise.withResolvers<void>()
    if (isHeld) cluster.held = promise
    const socket = await sendRaw(address, head('POST /tenants/user123/suspend', 'prefer: wait=60'))
    await sleep(100)
    socket.destroy()
    await sleep(50)
    resolve()
    t.same(await ends(), {
      audited: [['POST /tenants/:id/suspend', 'user123', 202, true]],
      counted: ['POST /tenants/:id/suspend 499'],
    })
  })
}

t.test('a write that waits and whose caller leaves, though it fails', async (t) => {
  tenant()
  const { promise, reject } = Promise.withResolvers<void>()
  cluster.held = promise
  const socket = await sendRaw(address, head('POST /tenants/user123/suspend'))
  await sleep(50)
  socket.destroy()
  await sleep(50)
  reject(new Error('nobody expected this'))
  t.match((await ends()).audited, [['POST /tenants/:id/suspend', 'user123', 500, true]])
})

t.test('a read whose caller leaves', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  const { promise, resolve } = Promise.withResolvers<void>()
  cluster.held = promise
  const socket = await sendRaw(address, head('GET /tenants/user123'))
  await sleep(50)
  socket.destroy()
  await sleep(50)
  resolve()
  t.same(await ends(), { audited: [], counted: ['GET /tenants/:id 499'] })
})

t.test('a caller that leaves in the middle of its body', async (t) => {
  tenant()
  const socket = await sendRaw(
    address,
    `${head('PATCH /tenants/user123', 'content-type: application/json', 'content-length: 100')}{"options`,
  )
  await sleep(50)
  socket.destroy()
  t.match(await ends(), {
    audited: [['PATCH /tenants/:id', 'user123', 400, true]],
    counted: ['PATCH /tenants/:id 499'],
  })
  t.same(started, [])
})

const close = 'connection: close'
const json = (body: string) => [close, 'content-type: application/json', `content-length: ${body.length}`] as const
const chunked = [close, 'content-type: application/json', 'transfer-encoding: chunked'] as const
const REFUSED: [what: string, request: string, status: number, route: string][] = [
  ['an address that there is not', head('POST /nothing?apiKey=hunter2', close), 404, 'POST none'],
  ['an address that cannot be read', head('POST /tenants/%zz', close), 400, 'POST none'],
  ['a method that an address lacks', head('DELETE /tenants', close), 405, 'DELETE /tenants'],
  ['no credential', `POST /tenants HTTP/1.1\r\nhost: x\r\n${close}\r\n\r\n`, 401, 'POST /tenants'],
  ['a body that is no JSON', `${head('POST /tenants', ...json('{'))}{`, 400, 'POST /tenants'],
  ['a body of another type', head('POST /tenants', close, 'content-length: 9'), 415, 'POST /tenants'],
  ['a body that is too large', head('POST /tenants', ...json('x'.repeat(70_000))), 413, 'POST /tenants'],
  ['chunks that are none', `${head('POST /tenants', ...chunked)}zz\r\n`, 400, 'POST /tenants'],
]
for (const [what, request, status, action] of REFUSED) {
  t.test(`a write with ${what}`, async (t) => {
    const answer = await askRaw(address, request)
    t.equal(answer.status, status)
    t.match(answer.text, /"requestId":"[^"]+"/)
    const { audited, counted } = await ends()
    t.match(audited, [[action, null, status]])
    t.match([audited.length, counted.length], [1, 1])
    t.notMatch(lines.join(''), /hunter2/)
  })
}

for (const [what, request, status, code] of [
  ['no HTTP', 'nonsense\r\n\r\n', 400, 'invalid-request'],
  ['too large headers', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
] as const) {
  t.test(`what never becomes a request: ${what}`, async (t) => {
    const answer = await askRaw(address, request)
    t.match([answer.status, answer.headers.get('content-type')], [status, 'application/problem+json'])
    t.match(JSON.parse(answer.text), { status, code })
    t.same(await ends(), { audited: [], counted: [`none none ${status}`] })
  })
}

t.test('two requests on one connection are two', async (t) => {
  await askRaw(address, head('GET /livez') + head('GET /readyz', close))
  t.same((await ends()).counted.sort(), ['GET /livez 200', 'GET /readyz 200'])
})

t.test('a write that is under way when the service is closed', async (t) => {
  tenant()
  const { promise, resolve } = Promise.withResolvers<void>()
  cluster.held = promise
  const asked = askRaw(address, head('POST /tenants/user123/suspend'))
  await sleep(50)
  const closed = app.close()
  resolve()
  t.equal((await asked).status, 202)
  await closed
  t.same((await ends()).audited, [['POST /tenants/:id/suspend', 'user123', 202, false]])
})
