/** A record has a bounded size: what would not fit is refused when it is asked for, and every later write finds room. */
import t, { type Test } from 'tap'
import { recordable } from '../../src/tenants/record/limits.ts'
import { parseSpec } from '../../src/tenants/record/spec.ts'
import { failed, succeeded } from '../../src/tenants/record/transitions.ts'
import { testApp } from './test-app.ts'

const { cluster, send } = await testApp(t)
const URL = '/tenants/user123'
const RECORD = 'fluxiondb.com/spec'
const THEN = '2026-01-02T00:00:00.000Z'

const recordOf = () => cluster.get('Namespace', 'fluxiondb-user123')!.metadata!.annotations![RECORD]!

/** As the reconciler records the end of the operation. */
function end(isWell: boolean): void {
  const live = cluster.get('Namespace', 'fluxiondb-user123')!
  const spec = { ...parseSpec(recordOf()), committed: true }
  const failure = { reason: 'Refused', message: 'no '.repeat(100_000), tenantUsable: true, retryable: false }
  const ended = isWell ? succeeded(spec, THEN) : failed(spec, failure, 0n, THEN)
  const annotations = { ...live.metadata!.annotations, [RECORD]: JSON.stringify(ended) }
  cluster.put({ ...live, metadata: { ...live.metadata, annotations } })
}

const allowList = (count: number, from = 0) => {
  const network = (index: number) => ({ ipBlock: { cidr: `20.${(index >> 8) & 255}.${index & 255}.0/24` } })
  const peers = Array.from({ length: count }, (_, index) => network(index + from))
  const ingress = [{ from: peers, ports: [{ protocol: 'TCP', port: 8080 }] }]
  return { networkPolicy: { enabled: true, policyTypes: ['Ingress', 'Egress'], ingress, egress: [] } }
}

async function everyWriteWorks(t: Test): Promise<void> {
  for (const [method, path] of [
    ['POST', '/suspend'],
    ['POST', '/resume'],
    ['POST', '/restart'],
    ['POST', '/rotate-key'],
    ['PATCH', '/ram'],
    ['DELETE', ''],
    ['POST', '/undelete'],
    ['DELETE', '?purge=true'],
  ] as const) {
    const { status, text } = await send(method, URL + path, path === '/ram' ? { body: { ramSize: '256Mi' } } : {})
    t.match([method, path, status], [method, path, 202], text)
  }
}

t.test("an allow-list of a thousand networks is taken, changed, and in no later write's way", async (t) => {
  const created = await send('POST', '/tenants', {
    body: { userId: 'user123', ramSize: '512Mi', options: allowList(1000) },
  })
  t.equal(created.status, 202, created.text)
  end(true)
  for (const from of [1, 2, 3, 4]) {
    const { status, text } = await send('PATCH', URL, { body: { options: allowList(1000, from) } })
    t.equal(status, 202, text)
    end(from % 2 === 0)
  }
  await everyWriteWorks(t)
})

t.test('one that would not fit twice is refused when it is asked for, and changes nothing', async (t) => {
  const body = { userId: 'user123', ramSize: '512Mi', options: allowList(1400) }
  const refused = await send('POST', '/tenants', { body })
  t.match(refused.body, {
    code: 'invalid-request',
    errors: [{ pointer: '/options', message: /^come to \d+ bytes in the record .* 86016; make lists/ }],
  })
  t.equal(cluster.get('Namespace', 'fluxiondb-user123'), undefined)
  t.equal((await send('POST', '/tenants', { body: { ...body, options: allowList(700) } })).status, 202)
  const before = recordOf()
  // In parts that are small enough for a request each.
  const { ingress } = allowList(700, 700).networkPolicy
  const more = await send('PATCH', URL, {
    body: { options: { networkPolicy: { egress: [{ to: ingress[0]!.from }] } } },
  })
  t.match(more.body, { status: 400, errors: [{ pointer: '/options' }] })
  t.equal(recordOf(), before)
})

t.test('a hundred changes while one operation is pending leave room for every later write', async (t) => {
  await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '512Mi' } })
  end(true)
  for (let number = 0; number < 120; number++) {
    const description = String(number).repeat(1000).slice(0, 1000)
    const { status, text } = await send('PATCH', URL, { body: { options: { description } } })
    t.equal(status, 202, text)
  }
  await everyWriteWorks(t)
})

t.test('cuts a reason of any length, and says how long it was', async (t) => {
  t.equal(recordable('no'), 'no')
  const long = recordable('no '.repeat(100_000))
  t.ok(long.length < 1100)
  t.match(long, /\.\.\. \(300000 characters\)$/)
})
