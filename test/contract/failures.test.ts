import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { KubernetesError } from '../../src/kubernetes/errors.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { aSpec, liveNamespace } from '../helpers/observed.ts'
import { bodyFor, DOCUMENT, ROUTES, urlOf } from './routes.ts'
import { testApp } from './test-app.ts'

const { app, cluster, lines, send, started } = await testApp(t)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
const isProblem = new Ajv2020({ strict: false })
  .addSchema(DOCUMENT, 'openapi')
  .getSchema('openapi#/components/schemas/Problem')!

/** Those that ask the cluster; a stream is told from the watch cache alone. */
const ASKING = ROUTES.filter(({ path }) => path.startsWith('/tenants/') && !path.endsWith('/stream'))

t.test('answers an error that nobody expected without a word of it, and logs it under the request id', async (t) => {
  cluster.failure = new Error('password=hunter2')
  for (const route of ASKING) {
    const body = bodyFor(route)
    const answer = await send(route.method, urlOf(route), {
      ...(body === undefined ? {} : { body }),
      headers: { 'x-request-id': 'req-1' },
    })
    t.match(answer.body, { status: 500, code: 'internal-error', requestId: 'req-1', retryable: false })
    t.ok(isProblem(answer.body))
    t.notMatch(answer.text, /hunter2|Error|\.ts/)
  }
  t.match(lines.join(''), /"requestId":"req-1".*a request failed/)
})

t.test('says that a record cannot be read, and nothing of what it holds', async (t) => {
  const namespace = liveNamespace(aSpec())
  namespace.metadata!.annotations = { [annotations.spec]: '{"hunter2":' }
  cluster.put(namespace)
  for (const url of ['/tenants/user123', '/tenants/user123/operations']) {
    const { body, text } = await send('GET', url)
    t.match(body, { status: 500, code: 'record-unreadable' })
    t.ok(isProblem(body))
    t.notMatch(text, /hunter2/)
  }
  t.same((await send('GET', '/tenants')).body.items, [], 'a list leaves it out')
})

t.test('answers 404 for a tenant that is not there on every route', async (t) => {
  // PUT creates what is not there.
  for (const route of ROUTES.filter(({ method, path }) => path.includes('{id}') && method !== 'PUT')) {
    const body = bodyFor(route)
    const answer = await send(route.method, urlOf(route), body === undefined ? {} : { body })
    t.match(answer.body, { status: 404, code: 'tenant-not-found', instance: urlOf(route) }, urlOf(route))
  }
  t.same(started, [])
})

t.test(
  'answers 404 with a problem for an address that it does not have, whatever comes with the request',
  async (t) => {
    for (const [method, url] of [
      ['GET', '/'],
      ['GET', '/tenants/a/b/c'],
      ['POST', '/tenants/a/b'],
      ['OPTIONS', '/none'],
    ] as const) {
      for (const payload of ['', '{', 'a=b']) {
        const answer = await app.inject({ method, url, payload, headers: { 'content-type': 'application/json' } })
        t.equal(answer.statusCode, 404, `${method} ${url}`)
        t.match(answer.headers['content-type'], /^application\/problem\+json/)
        const type = 'urn:fluxiondb-provisioner:problem:route-not-found'
        t.match(answer.json(), { type, code: 'route-not-found' })
      }
    }
  },
)

t.test('answers a method that an address does not have with those that it has', async (t) => {
  for (const [method, url, allow] of [
    ['PUT', '/livez', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/tenants', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/tenants/user123', 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['GET', '/tenants/user123/suspend', 'OPTIONS, POST'],
    ['HEAD', '/tenants/user123/suspend', 'OPTIONS, POST'],
    ['PATCH', '/docs/', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const { statusCode, headers, payload } = await app.inject({ method, url, payload: method === 'HEAD' ? '' : '{' })
    t.match([statusCode, headers.allow], [405, allow], `${method} ${url}`)
    if (method !== 'HEAD') t.match(JSON.parse(payload), { status: 405, code: 'method-not-allowed', retryable: false })
    const options = await app.inject({ method: 'OPTIONS', url })
    t.match([options.statusCode, options.headers.allow], [204, allow], `OPTIONS ${url}`)
  }
  const { headers } = await app.inject({ method: 'OPTIONS', url: '/tenants/user123/ram' })
  t.equal(headers['accept-patch'], 'application/json, application/merge-patch+json')
})

t.test('answers HEAD as GET, without the content', async (t) => {
  cluster.put(liveNamespace(aSpec()))
  const [get, head] = [await send('GET', '/tenants/user123'), await send('HEAD', '/tenants/user123')]
  t.match([head.status, head.text, head.headers.etag], [200, '', get.headers.etag])
  t.equal(head.headers['content-length'], get.headers['content-length'])
  t.equal((await send('HEAD', '/tenants/none')).status, 404)
})

t.test('tells a caller to come again when the cluster does not answer', async (t) => {
  cluster.failure = new KubernetesError(0, 'Unreachable', 'the API server could not be reached: ECONNREFUSED')
  for (const route of ASKING) {
    const body = bodyFor(route)
    const {
      status,
      headers,
      body: answered,
    } = await send(route.method, urlOf(route), body === undefined ? {} : { body })
    t.equal(status, 503)
    t.match(answered, { code: 'cluster-unavailable', retryable: true })
    t.ok(headers['retry-after'])
  }
})

t.test('tells what the cluster refuses', async (t) => {
  const causes = [{ field: 'spec.hard', reason: 'FieldValueInvalid', message: 'must not be negative' }]
  cluster.failure = new KubernetesError(422, 'Invalid', 'the object is invalid', causes)
  t.match((await send('DELETE', '/tenants/user123')).body, {
    status: 422,
    code: 'refused-by-cluster',
    errors: [{ pointer: 'spec.hard', message: 'must not be negative' }],
  })
  const quota =
    'services "db-x" is forbidden: exceeded quota: x, requested: services=1, used: services=5, limited: services=5'
  cluster.failure = new KubernetesError(403, 'Forbidden', quota)
  t.match((await send('DELETE', '/tenants/user123')).body, { code: 'refused-by-cluster', detail: /exceeded quota/ })
})

/** What the cluster says to the service, not to the caller. `internal`: what nobody else is to know. */
const NOT_THE_CALLERS = {
  'it has no right': new KubernetesError(
    403,
    'Forbidden',
    `namespaces is forbidden: User "internal" cannot patch resource "namespaces"`,
  ),
  'its credential has expired': new KubernetesError(401, 'Unauthorized', 'internal: Unauthorized'),
  'its credential cannot be had': new KubernetesError(0, 'Credentials', 'no credentials', [], { detail: 'internal' }),
  'others change the same all the time': new KubernetesError(409, 'Conflict', 'internal has been modified'),
  'it went meanwhile': new KubernetesError(404, 'NotFound', 'serviceaccounts "internal" not found'),
  'a webhook is down': new KubernetesError(500, 'InternalError', 'failed calling webhook "down.example.com"'),
}

t.test(
  'tells a caller to come again, in no words of its own, when the service is what the cluster does not serve',
  async (t) => {
    for (const [what, failure] of Object.entries(NOT_THE_CALLERS)) {
      for (const route of ASKING) {
        // A change is tried again for seconds before that.
        if (failure.status === 409 && route.method !== 'GET') continue
        lines.length = 0
        cluster.failure = failure
        const body = bodyFor(route)
        const answer = await send(route.method, urlOf(route), body === undefined ? {} : { body })
        // What is not there is no failure of a read: there is no such tenant.
        if (failure.status === 404 && answer.body.code === 'tenant-not-found') continue
        t.match(
          answer,
          { status: 503, body: { code: 'cluster-unavailable', retryable: true } },
          `${what}: ${urlOf(route)}`,
        )
        t.ok(answer.headers['retry-after'])
        t.notMatch(answer.text, /internal/, "the cluster names what is the service's own")
        if (failure.meaning !== 'unavailable')
          t.match(lines.join(''), /"reason":"\w+","detail":".*internal/, 'the log has it')
      }
    }
  },
)

t.test('names a webhook that is down, so that its operator can be told', async (t) => {
  cluster.failure = NOT_THE_CALLERS['a webhook is down']
  t.match((await send('DELETE', '/tenants/user123')).body, { status: 503, detail: /"down\.example\.com"/ })
})

t.test('takes nothing that the cluster says of a read for a fault of who reads', async (t) => {
  const forbidden = new KubernetesError(403, 'Forbidden', 'User "x" cannot get resource "namespaces"')
  for (const failure of [
    forbidden,
    new KubernetesError(422, 'Invalid', 'no'),
    new KubernetesError(400, 'BadRequest', 'no'),
  ]) {
    cluster.failure = failure
    for (const url of [
      '/tenants/user123',
      '/tenants/user123/operations',
      '/tenants/user123/operations/none',
      '/admin/adoptable',
    ]) {
      t.match((await send('GET', url)).body, { status: 503, code: 'cluster-unavailable' }, `${failure.status} ${url}`)
    }
  }
  const documented = ROUTES.filter(({ method }) => method === 'GET').flatMap(({ path }) =>
    Object.keys(DOCUMENT.paths[path]!.get!.responses),
  )
  t.notOk(documented.includes('422'))
})

t.test('answers under the request id that the caller gave', async (t) => {
  for (const id of ['abc-123', '01JGFJJZ000000000000000001', 'a.b:c_d', 'x'.repeat(128)]) {
    const { headers, body } = await send('GET', '/tenants/none', { headers: { 'x-request-id': id } })
    t.equal(headers['x-request-id'], id)
    t.equal(body.requestId, id)
  }
})

t.test('answers under an id of its own where the given one is not safe to repeat', async (t) => {
  for (const id of ['', ' ', 'a b', 'a"b', '<script>', 'ü', '{"a":1}', 'x'.repeat(129)]) {
    const { headers, body } = await send('GET', '/tenants/none', { headers: { 'x-request-id': id } })
    t.match(headers['x-request-id'], UUID, id)
    t.equal(body.requestId, headers['x-request-id'])
  }
})

t.test('gives every answer a request id, to public and unknown routes too', async (t) => {
  for (const url of ['/livez', '/readyz', '/openapi.json', '/none', '/tenants']) {
    t.match((await app.inject(url)).headers['x-request-id'], UUID, url)
  }
})

t.test('names in a problem the path without the query, which may hold a key', async (t) => {
  const { body, text } = await send('GET', '/tenants/none?apiKey=hunter2')
  t.equal(body.instance, '/tenants/none')
  t.notMatch(text, /hunter2/)
})
