import { HttpMethod } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { resourceOf } from '../../../src/kubernetes/http.ts'
import { type Behaviour, client, startFakeApiServer } from './fake-api-server.ts'

const { GET, POST, PATCH, DELETE } = HttpMethod
const PODS = '/api/v1/namespaces/x/pods'
const OK: Behaviour = { status: 200, body: { kind: 'Pod' } }
const UNKNOWN_QUOTA: Behaviour = { status: 403, body: { reason: 'Forbidden', message: 'status unknown for quota: x' } }

// Each waits for tries of its own, so all wait together.
t.jobs = 20
const test = (title: string, body: (t: Test) => Promise<void>) => t.test(title, { buffered: true }, body)

test('hands over what the API server answers', async (t) => {
  const { url } = await startFakeApiServer(t, OK)
  const { send, calls } = client(t)
  const answer = await send(GET, url + PODS)
  t.equal(answer.httpStatusCode, 200)
  t.equal(await answer.body.text(), '{"kind":"Pod"}')
  t.match(calls, [{ method: 'GET', resource: 'pods', status: 200, seconds: Number }])
})

for (const [what, method, failure] of [
  ['a GET that is told to come later', GET, { status: 429 }],
  ['a GET that meets a server which is not ready', GET, { status: 503 }],
  ['a GET whose connection is reset', GET, 'reset'],
  ['a PATCH whose connection is reset', PATCH, 'reset'],
  ['a DELETE that meets a failing server', DELETE, { status: 500 }],
  ['a POST that is told to come later', POST, { status: 429 }],
  ['a POST that meets a quota which is not computed yet', POST, UNKNOWN_QUOTA],
] as [string, HttpMethod, Behaviour][]) {
  test(`repeats ${what}`, async (t) => {
    const { url, received } = await startFakeApiServer(t, failure, OK)
    const { send, calls } = client(t)
    t.equal((await send(method, url + PODS, {})).httpStatusCode, 200)
    t.equal(received.length, 2)
    t.match(calls, [{ status: 200 }], 'it counts as one call')
  })
}

for (const [what, method, failure, error] of [
  ['a POST whose connection is reset', POST, 'reset', { status: 0, reason: 'Unreachable' }],
  ['a POST that meets a failing server', POST, { status: 503 }, { status: 503 }],
  [
    'a GET of what is not there',
    GET,
    { status: 404, body: { reason: 'NotFound' } },
    { status: 404, reason: 'NotFound' },
  ],
  ['a PATCH that conflicts', PATCH, { status: 409, body: { reason: 'Conflict' } }, { status: 409, reason: 'Conflict' }],
  ['a PATCH that is refused', PATCH, { status: 422, body: { reason: 'Invalid' } }, { status: 422, reason: 'Invalid' }],
] as [string, HttpMethod, Behaviour, object][]) {
  test(`does not repeat ${what}`, async (t) => {
    const { url, received } = await startFakeApiServer(t, failure, OK)
    await t.rejects(client(t).send(method, url + PODS, {}), { name: 'KubernetesError', ...error })
    t.equal(received.length, 1)
  })
}

test('gives up after a few tries, with the last answer', async (t) => {
  const { url, received } = await startFakeApiServer(
    t,
    { status: 503 },
    { status: 500, body: { reason: 'InternalError' } },
  )
  await t.rejects(client(t).send(GET, url + PODS), { name: 'KubernetesError', status: 500, reason: 'InternalError' })
  t.equal(received.length, 5)
})

test('does not wait longer than its deadline for an answer', async (t) => {
  const { url, received } = await startFakeApiServer(t, 'hang')
  const { send, calls } = client(t, { deadlineMs: 100 })
  const started = performance.now()
  await t.rejects(send(GET, url + PODS), { status: 0, reason: 'Timeout', message: /within 100 ms/ })
  t.ok(performance.now() - started < 1000)
  t.equal(received.length, 1)
  t.match(calls, [{ status: 0 }])
})

test('holds all tries within the one deadline', async (t) => {
  const { url } = await startFakeApiServer(t, { status: 503 }, 'hang')
  const started = performance.now()
  await t.rejects(client(t, { deadlineMs: 400 }).send(GET, url + PODS), {
    name: 'KubernetesError',
    status: 0,
    reason: 'Timeout',
  })
  t.ok(performance.now() - started < 1500)
})

test('says that nobody listens, after as many tries as for any failure', async (t) => {
  const { url, stop } = await startFakeApiServer(t, OK)
  stop()
  const unreachable = { name: 'KubernetesError', status: 0, reason: 'Unreachable', message: /ECONNREFUSED/ }
  const { send } = client(t)
  await Promise.all([GET, POST].map((method) => t.rejects(send(method, url + PODS), unreachable)))
})

test('leaves out what the API server says about a Secret', async (t) => {
  const body = { reason: 'Invalid', message: 'data[x]: "the-key" is not valid' }
  const { url } = await startFakeApiServer(t, { status: 422, body })
  const sent = client(t).send(POST, `${url}/api/v1/namespaces/x/secrets`, {})
  await t.rejects(sent, { reason: 'Invalid', message: 'the API server refused a Secret: Invalid' })
})

test("names a call's resource without the names of tenants", async (t) => {
  const table = {
    '/api/v1/namespaces/fluxiondb-x/pods/y/resize': 'pods/resize',
    '/api/v1/namespaces/fluxiondb-x/pods/y': 'pods',
    '/api/v1/namespaces/fluxiondb-x/secrets': 'secrets',
    '/api/v1/namespaces/fluxiondb-x/secrets/db-x': 'secrets',
    '/api/v1/namespaces/fluxiondb-x': 'namespaces',
    '/api/v1/namespaces': 'namespaces',
    '/api/v1/namespaces?labelSelector=a%3Db': 'namespaces',
    '/api/v1/pods': 'pods',
    '/api/v1/persistentvolumes/pv-1': 'persistentvolumes',
    '/apis/apps/v1/namespaces/fluxiondb-x/deployments/db-x': 'deployments',
    '/apis/apps/v1/deployments': 'deployments',
    '/apis/storage.k8s.io/v1/storageclasses/fast': 'storageclasses',
    '/version': 'version',
  }
  for (const [path, resource] of Object.entries(table)) t.equal(resourceOf(`https://cluster${path}`), resource, path)
})
