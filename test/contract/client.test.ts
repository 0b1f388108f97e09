import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import {
  carefulFetch,
  createClient,
  eachTenant,
  follow,
  OperationError,
  ProblemError,
  type StreamEvent,
  unwrap,
  waitForOperation,
} from '../../clients/typescript/index.ts'
import { anOperation, aSpec, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const run = promisify(execFile)
const { app, cluster, keys } = await testApp(t)
const address = await app.listen({ port: 0, host: '127.0.0.1' })
t.teardown(() => app.server.closeAllConnections())
const client = createClient(address, keys.admin, { patienceSeconds: 0 })

function tenant(userId: string, changes: Parameters<typeof aSpec>[0] = {}): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(aSpec({ userId, ...changes }))
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
}

/** A service that gives these answers, one after the other, and what it was sent. */
function answering(...answers: (number | Error)[]) {
  const sent: Request[] = []
  const waits: number[] = []
  const send = carefulFetch(
    async (request) => {
      sent.push(request)
      const answer = answers.shift()!
      if (typeof answer !== 'number') throw answer
      return new Response('{}', { status: answer, headers: answer === 503 ? { 'retry-after': '7' } : {} })
    },
    { sleep: async (milliseconds) => waits.push(milliseconds) },
  )
  return { sent, waits, send }
}
const request = (method: string) => new Request('http://localhost/tenants', { method })

t.test('sends a write again with the same key, when the service says, and when there was no answer', async (t) => {
  const { sent, waits, send } = answering(503, new TypeError('fetch failed'), 202)
  t.equal((await send(request('POST'))).status, 202)
  const used = sent.map(({ headers }) => headers.get('idempotency-key'))
  t.match(used[0], /^[0-9a-f-]{36}$/)
  t.strictSame(used, [used[0], used[0], used[0]])
  t.equal(waits[0], 7000)
  t.equal(waits.length, 2)
})

t.test('sends nothing again that was refused, nor for ever', async (t) => {
  const refused = answering(409)
  t.equal((await refused.send(request('GET'))).status, 409)
  t.equal(refused.sent[0]!.headers.get('idempotency-key'), null, 'reads have no key')
  const send = carefulFetch(async () => new Response(null, { status: 503 }), { patienceSeconds: 0 })
  t.equal((await send(request('GET'))).status, 503)
  const lost = carefulFetch(() => Promise.reject(new TypeError('fetch failed')), { patienceSeconds: 0 })
  await t.rejects(lost(request('GET')), { name: 'TypeError' })
})

t.test('makes typed errors of problems', async (t) => {
  const call = unwrap(client.GET('/tenants/{id}', { params: { path: { id: 'nobody' } } }))
  await t.rejects(call, { name: 'ProblemError', code: 'tenant-not-found', status: 404 })
  await t.rejects(call, ProblemError)
})

t.test('gives every tenant, page after page', async (t) => {
  for (const userId of ['a', 'b', 'c']) tenant(userId)
  const userIds: string[] = []
  for await (const { userId } of eachTenant(client, { limit: 2 })) userIds.push(userId)
  t.strictSame(userIds, ['a', 'b', 'c'])
})

t.test('waits for operations, and says how those ended that did not succeed', async (t) => {
  tenant('a', { operation: anOperation({ state: 'running', finishedAt: null }) })
  const get = (id: string) => unwrap(client.GET('/tenants/{id}', { params: { path: { id } } }))
  const looks: string[] = []
  const waiting = waitForOperation(client, await get('a'), { onLook: ({ state }) => looks.push(state) })
  await sleep(50)
  tenant('a')
  t.match(await waiting, { state: 'succeeded', type: 'create' })
  t.strictSame(looks, ['running', 'succeeded'])
  const failure = { reason: 'NodeBusy', message: 'there is no room', tenantUsable: true, retryable: true }
  tenant('b', { operation: anOperation({ state: 'failed', failure }) })
  const failed = waitForOperation(client, await get('b'))
  await t.rejects(failed, OperationError)
  await t.rejects(failed, { message: 'there is no room', operation: { state: 'failed' } })
})

t.test('follows tenants, and goes on when the connection ends', async (t) => {
  tenant('a')
  const seen: StreamEvent[] = []
  const leaving = new AbortController()
  const following = (async () => {
    for await (const told of follow(address, keys.admin, { signal: leaving.signal })) seen.push(told)
  })()
  const until = async (event: string) => {
    for (let looks = 0; looks < 100 && seen.at(-1)?.event !== event; looks++) await sleep(50)
    t.equal(seen.at(-1)?.event, event)
  }
  await until('synced')
  app.server.closeAllConnections()
  await cluster.apis.core.deleteNamespace({ name: 'fluxiondb-a' })
  await until('deleted')
  t.notOk(seen.some(({ event }) => event === 'resync'))
  leaving.abort()
  await following
  await t.rejects(follow(address, 'wrong').next(), /401/)
})

t.test('is a package of JavaScript with types', async (t) => {
  const folder = new URL('../../clients/typescript/', import.meta.url)
  await run('npm', ['run', '--silent', 'build'], { cwd: folder })
  const script = "import('@fluxiondb/provisioner-client').then((all) => console.log(Object.keys(all).sort().join()))"
  const { stdout } = await run(process.execPath, ['-e', script])
  t.equal(
    stdout.trim(),
    'OperationError,ProblemError,carefulFetch,createClient,eachTenant,follow,unwrap,waitForOperation',
  )
})
