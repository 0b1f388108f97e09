import { HttpMethod } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { KubernetesError } from '../../../src/kubernetes/errors.ts'
import { type Behaviour, client, startFakeApiServer } from './fake-api-server.ts'

const { GET, POST, PATCH, DELETE } = HttpMethod
const PODS = '/api/v1/namespaces/x/pods'
const OK: Behaviour = { status: 200, body: { kind: 'Pod' } }
const UNKNOWN_QUOTA: Behaviour = { status: 403, body: { reason: 'Forbidden', message: 'status unknown for quota: x' } }

// Each waits for tries of its own, so all wait together.
t.jobs = 20
const test = (title: string, body: (t: Test) => Promise<void>) => t.test(title, { buffered: true }, body)

test('comes again when the API server says, or not at all if that is too late', async (t) => {
  const busy: Behaviour = { status: 429, headers: { 'retry-after': '1' } }
  const { url } = await startFakeApiServer(t, busy, OK)
  const started = performance.now()
  t.equal((await client(t).send(PATCH, url + PODS, {})).httpStatusCode, 200)
  t.ok(performance.now() - started >= 1000)
  const { url: always, received } = await startFakeApiServer(t, busy)
  await t.rejects(client(t, { readMs: 500 }).send(GET, always + PODS), { name: 'KubernetesError', status: 429 })
  t.equal(received.length, 1)
})

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
  const { send, calls } = client(t, { readMs: 1000 })
  await t.rejects(send(GET, url + PODS), {
    status: 0,
    reason: 'Timeout',
    message: 'the API server did not answer GET pods within 1 s',
  })
  t.equal(received.length, 1)
  t.match(calls, [{ status: 0 }])
})

test('gives a write the time that webhooks may take, and names what might be slow if that is over', async (t) => {
  const { url } = await startFakeApiServer(t, 'hang')
  const { send } = client(t, { readMs: 50, writeMs: 400 })
  const started = performance.now()
  const path = '/apis/networking.k8s.io/v1/namespaces/fluxiondb-user123/networkpolicies/db-user123-fluxiondb'
  await t.rejects(send(PATCH, `${url}${path}?dryRun=All`, {}), {
    reason: 'Timeout',
    message: 'the API server did not answer PATCH networkpolicies within 0.4 s; a slow admission webhook may be why',
  })
  t.ok(performance.now() - started >= 390)
})

test('names what might be slow when the time of the API server itself is over', async (t) => {
  const body = { reason: 'Timeout', message: 'request did not complete within the allotted timeout' }
  const { url } = await startFakeApiServer(t, { status: 504, body })
  await t.rejects(client(t).send(POST, url + PODS, {}), {
    status: 504,
    message: 'the API server did not answer POST pods in time; a slow admission webhook may be why',
  })
})

test('holds all tries within the one deadline', async (t) => {
  const { url } = await startFakeApiServer(t, { status: 429, headers: { 'retry-after': '2' } }, 'hang')
  const started = performance.now()
  await t.rejects(client(t, { readMs: 3000 }).send(GET, url + PODS), {
    name: 'KubernetesError',
    status: 0,
    reason: 'Timeout',
  })
  t.ok(performance.now() - started < 4900, 'a deadline of its own for the second try would be over after five seconds')
})

test('asks again for credentials that could not be had, whatever is to be sent, and sends nothing without them', async (t) => {
  const { url, received } = await startFakeApiServer(t, OK)
  const { agent, send } = client(t, { authorizer: { authorize: () => authorize() } })
  const missing = new KubernetesError(0, 'Credentials', 'no credentials')
  let failures = 2
  const authorize = async () => {
    if (failures-- > 0) throw missing
    return { headers: { authorization: 'Bearer one' }, dispatcher: agent }
  }
  t.equal((await send(POST, url + PODS, {})).httpStatusCode, 200)
  t.equal(received.length, 1)

  const never = client(t, { authorizer: { authorize: () => Promise.reject(missing) } })
  await t.rejects(never.send(GET, url + PODS), missing)
  t.equal(received.length, 1)
  t.match(never.calls, [{ status: 0, resource: 'pods' }])
})

test('sends again what was refused with a credential that can be renewed, and no other 401', async (t) => {
  const { url, received } = await startFakeApiServer(t, { status: 401 }, OK)
  const renewed = client(t, { authorizer: { renew: () => true } })
  t.equal((await renewed.send(POST, url + PODS, {})).httpStatusCode, 200)
  t.equal(received.length, 2)

  const { url: other, received: once } = await startFakeApiServer(t, { status: 401 })
  const refused = { status: 401, message: 'the cluster does not let this service do this now' }
  await t.rejects(client(t).send(GET, other + PODS), refused)
  t.equal(once.length, 1)
})

test('says that nobody listens, after as many tries as for any failure', async (t) => {
  const { url, stop } = await startFakeApiServer(t, OK)
  stop()
  const unreachable = { name: 'KubernetesError', status: 0, reason: 'Unreachable', message: /ECONNREFUSED/ }
  const { send } = client(t)
  await Promise.all([GET, POST].map((method) => t.rejects(send(method, url + PODS), unreachable)))
})

test('leaves out what the API server says about a Secret, under a path and at addresses that it does not know too', async (t) => {
  const body = { reason: 'Invalid', message: 'data[x]: "the-key" is not valid' }
  const { url } = await startFakeApiServer(t, { status: 422, body })
  const base = '/k8s/clusters/c-m-test1'
  const secrets = '/api/v1/namespaces/x/secrets'
  for (const [path, under] of [
    [secrets, ''],
    [base + secrets, base],
    [base + secrets, ''],
    [secrets, base],
  ] as const) {
    const sent = client(t, { base: under }).send(POST, url + path, {})
    await t.rejects(
      sent,
      { reason: 'Invalid', message: 'the API server refused a Secret: Invalid' },
      `${under} ${path}`,
    )
  }
  const pods = client(t, { base }).send(POST, url + base + PODS, {})
  await t.rejects(pods, { message: body.message }, 'what is not about a Secret is told')
})
