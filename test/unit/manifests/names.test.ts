import fc from 'fast-check'
import t from 'tap'
import { namesFor, USER_ID_MAX_LENGTH, USER_ID_PATTERN, userIdOf } from '../../../src/manifests/names.ts'

/** What Kubernetes allows for the name of a Service, the strictest of the kinds. */
const SERVICE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/
const USER_ID = new RegExp(USER_ID_PATTERN)

const userId = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/).filter((id) => id.length <= USER_ID_MAX_LENGTH)
const idWithChartName = fc.tuple(userId, userId).map(([a, b]) => `${a.slice(0, 15)}fluxiondb${b.slice(-15)}`)

t.test("gives the names of the Helm chart's release for the user id", async (t) => {
  t.same(namesFor('user123'), {
    namespace: 'fluxiondb-user123',
    release: 'db-user123',
    fullname: 'db-user123-fluxiondb',
    secret: 'db-user123-fluxiondb-secrets',
    operations: 'db-user123-operations',
    roleBinding: 'db-user123-operator',
    host: 'db-user123-fluxiondb.fluxiondb-user123.svc',
  })
})

t.test("does not repeat the chart's name in an id that contains it", async (t) => {
  for (const id of ['fluxiondb', 'fluxiondb-1', 'my-fluxiondb', 'xfluxiondbx']) {
    t.match(namesFor(id), { release: `db-${id}`, fullname: `db-${id}`, secret: `db-${id}-secrets` }, id)
  }
  t.equal(namesFor('fluxion-db').fullname, 'db-fluxion-db-fluxiondb')
})

t.test('gives names that Kubernetes allows, at the longest id too', async (t) => {
  const longest = 'x'.repeat(USER_ID_MAX_LENGTH)
  for (const id of [longest, '0'.repeat(USER_ID_MAX_LENGTH), 'a', '0', `${'x'.repeat(31)}fluxiondb`]) {
    const { host, ...names } = namesFor(id)
    for (const [part, name] of Object.entries(names)) t.match(name, SERVICE_NAME, `${part}: ${name}`)
    for (const label of host.split('.')) t.match(label, SERVICE_NAME, host)
  }
  fc.assert(
    fc.property(fc.oneof(userId, idWithChartName), (id) => {
      const { host, ...names } = namesFor(id)
      return [...Object.values(names), ...host.split('.')].every((name) => SERVICE_NAME.test(name))
    }),
  )
})

t.test('gives no two ids the same namespace, even where their objects have the same names', async (t) => {
  fc.assert(fc.property(userId, userId, (a, b) => a === b || namesFor(a).namespace !== namesFor(b).namespace))
  t.equal(namesFor('a').fullname, namesFor('a-fluxiondb').fullname)
  t.not(namesFor('a').namespace, namesFor('a-fluxiondb').namespace)
})

t.test('finds the user id in the name of a namespace, and none in another', async (t) => {
  fc.assert(fc.property(userId, (id) => userIdOf(namesFor(id).namespace) === id))
  for (const name of ['default', 'fluxiondb', 'my-fluxiondb-x', '']) t.equal(userIdOf(name), undefined, name)
})

t.test('takes DNS labels for user ids, and nothing else', async (t) => {
  for (const id of ['a', '0', 'user123', 'a-b', 'a--b', 'x'.repeat(40)]) t.match(id, USER_ID, id)
  for (const id of ['', 'A', '-a', 'a-', 'a_b', 'a.b', 'a b', 'a/b', '../x', 'ü', 'a\n', '\na', 'a\u0000']) {
    t.notMatch(id, USER_ID, JSON.stringify(id))
  }
})
