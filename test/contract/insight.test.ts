import t from 'tap'
import { KubernetesError } from '../../src/kubernetes/errors.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { aSpec, observed, readyPod, startingPod } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, send, keys } = await testApp(t, { bound: { scopes: ['read'], userId: 'other' } })
const KEY = 'a-key-that-nobody-may-see'
const { namespace } = namesFor('user123')

/** Puts a whole tenant into the cluster, with this pod. */
function tenant(pod = readyPod(aSpec())): void {
  const { pods: _, replicaSets, secretExists: __, ...objects } = observed(aSpec())
  const secret = renderSecret('user123', KEY, '{}')
  for (const object of [...Object.values(objects), ...replicaSets, secret, pod]) if (object) cluster.put(object)
}

function event(name: string, reason: string, at: string, message = 'so it is'): void {
  const involvedObject = { kind: 'Pod', name: 'pod-1' }
  const metadata = { name, namespace }
  const told = { type: 'Warning', reason, message, firstTimestamp: at, lastTimestamp: at, count: 2, involvedObject }
  cluster.put({ kind: 'Event', apiVersion: 'v1', metadata, ...told } as never)
}

t.test('tells events, the newest first, without the key', async (t) => {
  tenant()
  event('a', 'FailedScheduling', '2026-01-01T00:00:00Z')
  event('b', 'BackOff', '2026-01-02T00:00:00Z', `the arguments are ${KEY}`)
  const { status, body, text } = await send('GET', '/tenants/user123/events')
  t.equal(status, 200)
  t.match(body.items, [
    { reason: 'BackOff', message: 'the arguments are [redacted]', count: 2, lastAt: '2026-01-02T00:00:00.000Z' },
    { reason: 'FailedScheduling', object: 'Pod pod-1', type: 'Warning' },
  ])
  t.notMatch(text, KEY)
  t.equal((await send('GET', '/tenants/user123/events?limit=1')).body.items.length, 1)
})

t.test('tells what a database has written, without the key', async (t) => {
  tenant()
  cluster.logs.set('pod-1', `2026-01-01T00:00:00Z listening\n2026-01-01T00:00:01Z GET /?api-key=${KEY}\n`)
  const { status, text, headers } = await send('GET', '/tenants/user123/logs')
  t.equal(status, 200)
  t.match(headers['content-type'], 'text/plain')
  t.equal(text, '2026-01-01T00:00:00Z listening\n2026-01-01T00:00:01Z GET /?api-key=[redacted]\n')
})

t.test('says why there is no log', async (t) => {
  tenant()
  t.match(await send('GET', '/tenants/user123/logs?previous=true'), { status: 409, body: { code: 'no-log' } })
  t.match(await send('GET', '/tenants/user123/logs?tail=0'), { status: 400 })
  t.match(await send('GET', '/tenants/user123/logs?lines=3'), { status: 400 })
})

t.test('shows no log if the keys that are to be taken out of it cannot be read', async (t) => {
  tenant()
  cluster.logs.set('pod-1', `${KEY}\n`)
  cluster.fails = (verb, kind) =>
    verb === 'read' && kind === 'Secret' ? new KubernetesError(503, 'ServiceUnavailable', 'not now') : undefined
  const { status, text } = await send('GET', '/tenants/user123/logs')
  t.equal(status, 503)
  t.notMatch(text, KEY)
})

t.test('tells what is used, and what is not known and why', async (t) => {
  tenant()
  const { status, body } = await send('GET', '/tenants/user123/usage')
  t.equal(status, 200)
  t.match(body, {
    memory: { used: null, limit: 2 * 2 ** 30 },
    cpu: { used: null, limit: 1500 },
    volume: { used: null, size: 4 * 2 ** 30 },
    restarts: 0,
    lastEnd: null,
    unknown: [
      { what: 'memory', why: /metrics API/ },
      { what: 'cpu', why: /metrics API/ },
      { what: 'volume', why: /kubelet/ },
    ],
  })
})

t.test('says that a tenant is well, or what is wrong with it', async (t) => {
  tenant()
  cluster.logs.set('pod-1', 'Server started\n')
  const { body } = await send('GET', '/tenants/user123/diagnosis')
  t.strictSame(body, { state: 'active', healthy: true, findings: [], notSeen: [] })

  const message = 'pull access denied'
  tenant(startingPod(aSpec(), { state: { waiting: { reason: 'ErrImagePull', message } } }))
  const ill = (await send('GET', '/tenants/user123/diagnosis')).body
  t.match(ill, { healthy: false, findings: [{ cause: 'image-pull', evidence: [/pull access denied/] }] })
})

t.test('says that the volume of a database that runs is full', async (t) => {
  tenant()
  const line = 'flush failed: write /data/fluxion.db: no space left on device'
  cluster.logs.set('pod-1', `Server started\n${line}\n`)
  const { body } = await send('GET', '/tenants/user123/diagnosis')
  t.match(body, { state: 'active', healthy: false, findings: [{ cause: 'disk-full', evidence: [line] }] })
})

t.test('says what a diagnosis could not look at', async (t) => {
  tenant()
  cluster.logs.set('pod-1', 'Server started\n')
  cluster.fails = (verb, kind) =>
    verb === 'list' && kind === 'Event' ? new KubernetesError(500, 'InternalError', 'broken') : undefined
  t.match((await send('GET', '/tenants/user123/diagnosis')).body, { healthy: true, notSeen: ['events'] })

  cluster.fails = () => undefined
  cluster.logs.clear()
  t.strictSame((await send('GET', '/tenants/user123/diagnosis')).body.notSeen, ['log'])
})

t.test('tells nobody of tenants that are not there, or not his', async (t) => {
  tenant()
  for (const what of ['events', 'logs', 'usage', 'diagnosis']) {
    t.match(await send('GET', `/tenants/nobody/${what}`), { status: 404, body: { code: 'tenant-not-found' } })
    t.match(await send('GET', `/tenants/user123/${what}`, { key: keys.bound }), { status: 404 })
  }
})
