/** How bodies may be framed and typed, over a real socket: what no client library sends, proxies do. */
import t from 'tap'
import { renderSecret } from '../../src/manifests/secret.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import { aSpec, observed } from '../helpers/observed.ts'
import { askRaw } from '../helpers/raw-http.ts'
import { bodyFor, ROUTES, type Route, urlOf } from './routes.ts'
import { testApp } from './test-app.ts'

const { app, cluster, keys, send, started } = await testApp(t)
const address = await app.listen({ host: '127.0.0.1', port: 0 })

const FRAMINGS: Record<string, string> = {
  'a length of 0': 'content-length: 0\r\n\r\n',
  'the type of a form and a length of 0':
    'content-type: application/x-www-form-urlencoded\r\ncontent-length: 0\r\n\r\n',
  'the type of text and a length of 0': 'content-type: text/plain\r\ncontent-length: 0\r\n\r\n',
  'the type of JSON and a length of 0': 'content-type: application/json\r\ncontent-length: 0\r\n\r\n',
  'the type of JSON and no length': 'content-type: application/json\r\n\r\n',
  'a type that is none and no length': 'content-type: nonsense\r\n\r\n',
  'an empty type and a length of 0': 'content-type:\r\ncontent-length: 0\r\n\r\n',
  'no chunks': 'transfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'no chunks of JSON': 'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'no chunks of text': 'content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'an empty object': 'content-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
}
const bodyless = ROUTES.filter((route) => bodyFor(route) === undefined)

function ask(route: Route, rest: string) {
  cluster.clear()
  const spec = aSpec()
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, 'the-key-of-the-database', ownerAnnotation(spec.operation)))
  const head = `${route.method} ${urlOf(route)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`
  return askRaw(address, `${head}authorization: Bearer ${keys.admin}\r\n${rest}`)
}

for (const route of bodyless) {
  t.test(`takes a request without a body at ${route.method} ${route.path}, however it is framed`, async (t) => {
    const { status } = await ask(route, '\r\n')
    t.notMatch(String(status), /^(400|415|500)$/)
    for (const [name, rest] of Object.entries(FRAMINGS)) t.equal((await ask(route, rest)).status, status, name)
  })

  t.test(`refuses a body at ${route.method} ${route.path}, and does nothing`, async (t) => {
    const json = (body: string) => `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    // Asking for a key of the caller's own is what this route takes a body for.
    const unknown = await ask(route, json('{"purge":true}'))
    t.equal(unknown.status, 400)
    t.match(unknown.text, /"pointer":"\/purge","message":"is not a known field"/)
    for (const body of ['[]', '5', '"text"', 'null', '{']) t.equal((await ask(route, json(body))).status, 400, body)
    for (const rest of [
      'content-type: text/plain\r\ncontent-length: 2\r\n\r\nhi',
      'content-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n\r\na=b',
      'content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
      'content-length: 2\r\n\r\n{}',
    ]) {
      const answer = await ask(route, rest)
      t.equal(answer.status, 415, rest)
      t.equal(answer.headers.get('accept'), 'application/json')
    }
    t.same(started, [])
  })
}

for (const route of ROUTES.filter((route) => bodyFor(route) !== undefined)) {
  const merge = 'application/merge-patch+json'
  const isPatch = route.method === 'PATCH'
  const types = [
    'application/json',
    'application/json;charset=utf-8',
    'application/json ; charset="UTF-8"',
    'Application/JSON; Charset=utf-8; profile=x',
    'application/json;',
    ...(isPatch ? [merge, `${merge}; charset=utf-8`] : []),
  ]
  const others = ['application/json-patch+json', 'application/problem+json', 'text/json', '*/*']

  t.test(`reads JSON by each of its names at ${route.method} ${route.path}, and by no other`, async (t) => {
    const body = bodyFor(route)!
    const answers = await Promise.all(
      [...types, ...others, ...(isPatch ? [] : [merge])].map(async (type, index) => {
        const id = `typed-${index}`
        const { pods: _, replicaSets: __, secretExists: ___, ...objects } = observed(aSpec({ userId: id }))
        for (const object of Object.values(objects)) if (object && !('userId' in body)) cluster.put(object)
        const sent = 'userId' in body ? { ...body, userId: id } : body
        return {
          type,
          ...(await send(route.method, urlOf(route, id), { body: sent, headers: { 'content-type': type } })),
        }
      }),
    )
    for (const { type, status, body: answer, headers } of answers) {
      const isTaken = types.includes(type)
      t.equal(status === 415, !isTaken, type)
      if (isTaken) continue
      const named = isPatch ? `application/json, ${merge}` : 'application/json'
      t.equal(headers.accept, named)
      t.equal(headers['accept-patch'], isPatch ? named : undefined)
      t.match(answer.detail, named.replace(', ', ' or '))
    }
  })
}

t.test('stores no character that was not sent', async (t) => {
  const body = Buffer.from('{"options":{"description":"caf\xe9"}}', 'latin1')
  t.match((await send('PATCH', '/tenants/user123', { body })).body, { status: 400, detail: /UTF-8/ })
})

t.test('says that it takes no content coding', async (t) => {
  const body = '{"userId":"user123","ramSize":"2Gi"}'
  const answer = await send('POST', '/tenants', { body, headers: { 'content-encoding': 'gzip' } })
  t.match([answer.status, answer.headers['accept-encoding']], [415, 'identity'])
  t.equal((await send('POST', '/tenants', { body, headers: { 'content-encoding': 'identity' } })).status, 202)
})
