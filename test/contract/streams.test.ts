import t from 'tap'
import { until } from '../helpers/api.ts'
import { aSpec, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { app, cluster, keys, send } = await testApp(t, { bound: { scopes: ['read'], userId: 'a' } })
const address = await app.listen({ port: 0, host: '127.0.0.1' })
t.teardown(() => app.server.closeAllConnections())

function tenant(userId: string, ramSize = '2Gi'): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(aSpec({ userId, desired: { ramSize } }))
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
}

type Event = { event: string; id: string; data: string }

/** A stream as a browser reads it. */
async function open(path: string, key = keys.admin, lastEventId?: string) {
  const left = new AbortController()
  const headers = { authorization: `Bearer ${key}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) }
  const answer = await fetch(address + path, { headers, signal: left.signal })
  const events: Event[] = []
  let isOver = false
  const reading = (async () => {
    let text = ''
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (text + chunk).split('\n\n')
      text = parts.pop()!
      for (const part of parts) {
        const fields = Object.fromEntries(
          part.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)?.slice(1) ?? ['', '']),
        )
        if (fields.event) events.push(fields as Event)
      }
    }
    isOver = true
  })().catch(() => {})
  return {
    answer,
    events,
    isOver: async () => isOver,
    names: () => events.map(({ event, data }) => `${event} ${JSON.parse(data).userId ?? ''}`.trim()),
    async leave() {
      left.abort()
      await reading
    },
  }
}

t.test('tells tenants, what changes, and where to go on', async (t) => {
  tenant('a')
  tenant('b')
  const stream = await open('/stream')
  t.match(stream.answer.headers.get('content-type'), 'text/event-stream')
  await until('all are told', async () => stream.events.length >= 3)
  t.strictSame(stream.names().slice(0, 3), ['tenant a', 'tenant b', 'synced'])
  t.match(JSON.parse(stream.events[0]!.data), (await send('GET', '/tenants')).body.items[0])
  tenant('b', '4Gi')
  await until('a change is told', async () => JSON.parse(stream.events.at(-1)!.data).desired?.ramSize === '4Gi')
  const { id } = stream.events.at(-1)!
  await stream.leave()

  tenant('a', '8Gi')
  const next = await open('/stream', keys.admin, id)
  await until('the missed change is told', async () => next.events.length > 0)
  t.strictSame([...new Set(next.names())], ['tenant a'])
  await next.leave()

  const foreign = await open('/stream', keys.admin, 'another.1')
  await until('all is told anew', async () => foreign.events.length >= 4)
  t.strictSame(foreign.names().slice(0, 4), ['resync', 'tenant a', 'tenant b', 'synced'])
  await foreign.leave()
})

t.test('shows a bound credential its own tenant only', async (t) => {
  tenant('a')
  tenant('b')
  const stream = await open('/stream', keys.bound)
  await until('all are told', async () => stream.events.length >= 2)
  tenant('b', '4Gi')
  tenant('a', '4Gi')
  await until('its change is told', async () => stream.events.length >= 3)
  t.notOk(stream.names().includes('tenant b'))
  await stream.leave()
  t.equal((await open('/tenants/b/stream', keys.bound)).answer.status, 404)
})

t.test('of one tenant ends when it is gone', async (t) => {
  tenant('a')
  const stream = await open('/tenants/a/stream')
  await until('it is told', async () => stream.events.length >= 2)
  await cluster.apis.core.deleteNamespace({ name: 'fluxiondb-a' })
  await until('the stream ends', stream.isOver)
  t.equal(stream.names().at(-1), 'deleted a')
  t.match(await send('GET', '/tenants/a/stream'), { status: 404, body: { code: 'tenant-not-found' } })
})
