/** What a look at tenants asks the API server, and that it is never older than what was written here. */
import t from 'tap'
import { renderOperations } from '../../src/manifests/operations.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { withSteps } from '../../src/tenants/record/history.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { anOperation, aSpec, observed, RUNNING } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, context, send } = await testApp(t)
const PATH = '/tenants/user123'

function tenant(spec: Spec = aSpec()): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  const history = JSON.stringify([withSteps(spec.operation)])
  cluster.put({ ...renderOperations(spec.userId, history, undefined), kind: 'ConfigMap' })
}

const secret = () => cluster.put(renderSecret('user123', 'the-key-of-the-database', ownerAnnotation(aSpec().operation)))

/** What is asked from now on. */
function calls(): string[] {
  const made: string[] = []
  cluster.fails = (verb, kind) => {
    made.push(`${verb} ${kind}`)
    return undefined
  }
  return made
}

t.test(
  'reads the record, so that no answer is older than what another replica has acknowledged, and no more',
  async (t) => {
    tenant()
    secret()
    await send('GET', PATH)
    const made = calls()
    const { status, body } = await send('GET', PATH)
    t.match([status, body.userId, body.state], [200, 'user123', 'active'])
    t.same(made, ['read Namespace'])
    t.equal((await send('GET', '/tenants/nobody')).status, 404)
  },
)

t.test('asks nothing where it is said that the watches are enough', async (t) => {
  context.defaults.reads = 'watched'
  t.teardown(() => Object.assign(context.defaults, { reads: 'live' }))
  tenant()
  secret()
  await send('GET', PATH)
  const made = calls()
  const { status, body } = await send('GET', PATH)
  t.match([status, body.userId, body.state], [200, 'user123', 'active'])
  t.same(made, [])
  t.equal((await send('GET', '/tenants/nobody')).status, 404)
  t.same(made, ['read Namespace', 'read Secret'], 'one that is not known may be new')
})

t.test('a Secret that is missing is looked for each time, one that is there is not', async (t) => {
  const other = { ...aSpec(), userId: 'other' }
  tenant(other)
  const secretOf = async () => {
    const { body } = await send('GET', '/tenants/other')
    return body.conditions.some(({ type }: { type: string }) => type === 'SecretMissing') ? 'missing' : 'there'
  }
  await secretOf()
  const made = calls()
  t.same([await secretOf(), await secretOf()], ['missing', 'missing'])
  const looks = () => made.filter((call) => call === 'read Secret').length
  t.equal(looks(), 2)
  cluster.put(renderSecret('other', 'the-key-of-the-database', ownerAnnotation(other.operation)))
  t.same([await secretOf(), await secretOf()], ['there', 'there'])
  t.equal(looks(), 3)
})

t.test('lists tenants by their labels and their size plan', async (t) => {
  const labelled = (userId: string, labels: Record<string, string>, plan?: string) => {
    const { desired, ...spec } = aSpec()
    const sizePlan = plan === undefined ? null : { name: plan, options: {} }
    tenant({ ...spec, userId, desired: { ...desired, sizePlan, options: { ...desired.options, labels } } })
  }
  labelled('a', { team: 'blue', tier: '1' }, 'basic')
  labelled('b', { team: 'blue' }, 'premium')
  labelled('c', { team: 'red' })
  const ids = async (query: string) =>
    (await send('GET', `/tenants?${query}`)).body.items.map(({ userId }: { userId: string }) => userId)
  t.same(await ids('label=team=blue'), ['a', 'b'])
  t.same(await ids('label=team=blue&label=tier=1'), ['a'])
  t.same(await ids('label=team='), [])
  t.same(await ids('plan=premium'), ['b'])
  t.same(await ids('plan=basic&label=team=red'), [])
  t.match((await send('GET', '/tenants?label=team')).body, { status: 400, code: 'invalid-request' })
})

t.test('lists the newest operation of each tenant, by state and type, in pages', async (t) => {
  for (const [userId, operation] of [
    ['a', anOperation({ ...RUNNING, type: 'resize' })],
    ['b', anOperation()],
    ['c', anOperation({ ...RUNNING, type: 'suspend' })],
  ] as const) {
    tenant(aSpec({ userId, operation }))
  }
  const page = async (query: string) => (await send('GET', `/operations?${query}`)).body
  const ids = async (query: string) => (await page(query)).items.map(({ userId }: { userId: string }) => userId)
  t.same(await ids(''), ['a', 'b', 'c'])
  t.same(await ids('state=running'), ['a', 'c'])
  t.same(await ids('state=running&type=suspend'), ['c'])
  const first = await page('state=running&limit=1')
  t.match(first, { items: [{ userId: 'a', operation: { type: 'resize', state: 'running', steps: [] } }] })
  t.match(await page(`state=running&limit=1&cursor=${first.nextCursor}`), {
    items: [{ userId: 'c' }],
    nextCursor: null,
  })
  t.match(await page('state=unheard-of'), { status: 400, code: 'invalid-request' })
})

t.test('a list shows each change at once, and asks nothing', async (t) => {
  tenant()
  const made = calls()
  const listed = async () => (await send('GET', '/tenants')).body.items[0]
  const first = await listed()
  t.match(first, { userId: 'user123', state: 'active', desired: { ramSize: aSpec().desired.ramSize } })
  t.same(await listed(), first)
  tenant(aSpec({ suspended: true }))
  t.match(await listed(), { state: 'suspending' })
  cluster.clear()
  t.same((await send('GET', '/tenants')).body, { items: [], nextCursor: null })
  t.same(made, [])
})
