import t from 'tap'
import { aSpec, liveNamespace } from '../helpers/observed.ts'
import { bodyFor, ROUTES, urlOf } from './routes.ts'
import { type Answer, testApp } from './test-app.ts'

const KEY = 'key-of-a-database'
const { app, cluster, keys, send, started } = await testApp(t)
const withBody = ROUTES.filter((route) => bodyFor(route) !== undefined)
const withId = ROUTES.filter(({ path }) => path.includes('{id}'))
const invalid = { status: 400, code: 'invalid-request', retryable: false }

/** Where the answer says that the request is wrong. */
const pointers = ({ body }: Answer) => body.errors.map(({ pointer }: { pointer: string }) => pointer)

t.test('refuses a query parameter that the route does not have, at every route but the public ones', async (t) => {
  for (const route of ROUTES.filter(({ isPublic }) => !isPublic)) {
    const body = bodyFor(route)
    const answer = await send(route.method, `${urlOf(route)}?colour=red`, body === undefined ? {} : { body })
    t.match(answer.body, invalid, `${route.method} ${route.path}`)
    t.ok(pointers(answer).includes('colour'), answer.text)
  }
  t.same(started, [])
})

for (const route of withBody) {
  const right = bodyFor(route)!
  const sendBody = async (body: unknown, headers: Record<string, string> = {}) => {
    cluster.put(liveNamespace(aSpec({ userId: 'taken' })))
    const answer = await send(route.method, urlOf(route, 'taken'), { body, headers })
    if (started.length > 0) throw new Error(`something was changed: ${answer.status} ${answer.text}`)
    return answer
  }

  t.test(`refuses an unknown field at ${route.method} ${route.path}`, async (t) => {
    const answer = await sendBody({ ...right, ramsize: '4Gi' })
    t.match(answer.body, { ...invalid, errors: [{ pointer: '/ramsize', message: 'is not a known field' }] })
  })

  // Without a size nothing is declared; a patch may say as little as it likes.
  if (!('ramSize' in right)) continue
  const needed = 'userId' in right ? ['/userId'] : ['/ramSize']

  t.test(`refuses a missing field at ${route.method} ${route.path}`, async (t) => {
    const answer = await sendBody({})
    t.match(answer.body, invalid)
    t.same(pointers(answer), needed)
  })

  t.test(
    `refuses a value of the wrong type at ${route.method} ${route.path}, and turns none into another`,
    async (t) => {
      for (const ramSize of [2147483648, null, true, ['2Gi'], { size: '2Gi' }]) {
        const answer = await sendBody({ ...right, ramSize })
        t.match(answer.body, invalid, JSON.stringify(ramSize))
        t.same(pointers(answer), ['/ramSize'])
      }
    },
  )

  t.test(`refuses a size that is none, or not allowed, at ${route.method} ${route.path}`, async (t) => {
    for (const ramSize of ['', '0', '-1Gi', '2 Gi', '512m', '1e9', '0.3', 'much', '127Mi', '65Gi', '9'.repeat(40)]) {
      const answer = await sendBody({ ...right, ramSize })
      t.match(answer.body, invalid, ramSize)
      t.same(pointers(answer), ['/ramSize'])
    }
  })

  t.test(`refuses a body that is no JSON object at ${route.method} ${route.path}`, async (t) => {
    for (const body of ['', ' ', '{', 'null', '[]', '"text"', '5', '{"a":1}}', '{"__proto__":{"a":1}}', '\u0000']) {
      t.match((await sendBody(body)).body, invalid, JSON.stringify(body))
    }
  })

  t.test(`refuses a body of more than 64 KiB at ${route.method} ${route.path}`, async (t) => {
    for (const size of [64 * 1024 + 1, 10 * 1024 * 1024]) {
      t.match((await sendBody(Buffer.alloc(size, ' '))).body, { status: 413, code: 'body-too-large' }, `${size}`)
    }
  })

  t.test(`refuses a body of another type than JSON at ${route.method} ${route.path}`, async (t) => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'nonsense',
    ]) {
      const answer = await sendBody(JSON.stringify(right), { 'content-type': type })
      t.match(answer.body, { status: 415, code: 'unsupported-media-type' }, type)
    }
  })

  t.test(`never says a key that a refused request to ${route.method} ${route.path} held`, async (t) => {
    const bodies = [
      { ...right, apiKey: `${KEY} ` },
      `{"apiKey":"${KEY}"`,
      { ...right, ramSize: 5, apiKey: KEY },
      { apiKey: [KEY] },
    ]
    for (const body of bodies) t.notMatch((await sendBody(body)).text, KEY, JSON.stringify(body))
  })
}

t.test('takes JSON whose type says its character set', async (t) => {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  t.equal((await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2Gi' }, headers })).status, 202)
})

t.test('refuses a key that could not travel in a URL', async (t) => {
  for (const apiKey of [
    '1234567',
    'x'.repeat(257),
    'with space',
    'with/slash',
    'with+plus',
    'ümlaut-key',
    '$(VARIABLE)',
    '',
  ]) {
    const answer = await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2Gi', apiKey } })
    t.match(answer.body, invalid, apiKey)
    t.same(pointers(answer), ['/apiKey'])
  }
  t.same(started, [])
})

const BAD_IDS = [
  'A',
  'User123',
  '-a',
  'a-',
  'x'.repeat(41),
  '..%2Fx',
  '%2e%2e%2fx',
  'a.b',
  'a_b',
  'a%20b',
  '%C3%BC',
  '%00',
  'a%0A',
  '%E2%80%8B',
]

for (const route of withId) {
  t.test(`refuses an id that is none at ${route.method} ${route.path}`, async (t) => {
    const body = bodyFor(route)
    for (const id of BAD_IDS) {
      const answer = await send(route.method, urlOf(route, id), body === undefined ? {} : { body })
      t.match(answer.body, invalid, id)
      t.ok(
        pointers(answer).every((pointer: string) => pointer === 'id'),
        'it says that the id is wrong',
      )
    }
    t.same(started, [])
  })
}

t.test('refuses an id of any length as an id', async (t) => {
  t.match((await send('GET', `/tenants/${'x'.repeat(101)}`)).body, invalid)
})

t.test('refuses an id that is none in a body', async (t) => {
  for (const userId of ['', 'A', '-a', 'a-', 'x'.repeat(41), '../x', 'ü', 'a\n', 'a b']) {
    const answer = await send('POST', '/tenants', { body: { userId, ramSize: '2Gi' } })
    t.match(answer.body, invalid, JSON.stringify(userId))
    t.ok(pointers(answer).every((pointer: string) => pointer === '/userId'))
  }
  t.same(started, [])
})

const BAD_QUERIES = {
  limit: ['0', '-1', 'x', '1.5', ''],
  cursor: ['%20', 'IQ', 'QQ'],
  state: ['happy', ''],
  includeDeleted: ['perhaps', ''],
}

for (const [name, values] of Object.entries(BAD_QUERIES)) {
  t.test(`refuses a bad ${name} of a list by its name`, async (t) => {
    for (const value of values) {
      const answer = await send('GET', `/tenants?${name}=${value}`)
      t.match(answer.body, invalid, value)
      t.same(pointers(answer), [name])
    }
  })
}

t.test('refuses an Idempotency-Key that is empty or too long', async (t) => {
  for (const key of ['', 'x'.repeat(256)]) {
    const answer = await send('DELETE', '/tenants/user123', { headers: { 'idempotency-key': key } })
    t.match(answer.body, invalid)
    t.same(pointers(answer), ['idempotency-key'])
  }
})

t.test('answers an address that is malformed with a problem', async (t) => {
  for (const url of ['/tenants/%zz', '/%', '/tenants/%C3']) {
    const { statusCode, headers } = await app.inject({ url, headers: { authorization: `Bearer ${keys.admin}` } })
    t.equal(statusCode, 400, url)
    t.match(headers['content-type'], /^application\/problem\+json/)
  }
})
