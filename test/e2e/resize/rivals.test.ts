import t from 'tap'
import type { Api } from '../../helpers/api.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { createTenant, type ResizedTenant, serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'

const TENANTS = 5
/** What the two are told in each round; no size is the one that the tenant may have from the round before. */
const ROUNDS = [
  ['768Mi', '384Mi'],
  ['896Mi', '256Mi'],
  ['1Gi', '320Mi'],
  ['640Mi', '448Mi'],
] as const

const cluster = await testCluster()

t.test('two replicas given opposite changes at once', { skip: withoutResize(cluster) }, async (t) => {
  const [{ api: one }, { api: other }] = await Promise.all([serveResizes(t, cluster), serveResizes(t, cluster)])
  const prefixes = Array.from({ length: TENANTS }, (_, index) => `rival-${index}`)
  const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, one, prefix, '512Mi')))
  const before = await Promise.all(tenants.map(({ runs }) => runs()))
  for (const [round, sizes] of ROUNDS.entries()) {
    const ended = await Promise.all(tenants.map((tenant) => oppose(tenant, other, sizes)))
    for (const { tenant, generations, winner, last, truth } of ended) {
      const what = `round ${round}, ${tenant.userId}`
      t.equal(generations, 2, `${what}: both were accepted`)
      t.match(last, { state: 'succeeded', outcome: { disruption: 'none' } }, `${what}: the later one succeeded`)
      t.equal((await tenant.get()).desired.ramSize, winner, `${what}: it holds`)
      t.equal(truth, 'none')
      t.strictSame(await tenant.whatIsWrong(), [], `${what}: nothing is left of the other`)
    }
  }
  t.strictSame(await Promise.all(tenants.map(({ runs }) => runs())), before, 'no pod or container was replaced')
})

/** Sends both sizes at once, each to another replica, and waits for the end of what was written last. */
async function oppose(tenant: ResizedTenant, other: Api, [up, down]: readonly [string, string]) {
  const { generation } = await tenant.get()
  const end = await tenant.begin(`${up} against ${down}`, await tenant.plan({ ramSize: up }))
  const [first, second] = await Promise.all([
    tenant.send({ ramSize: up }),
    tenantAt(cluster, other, tenant.userId).send({ ramSize: down }),
  ])
  const { operation, generation: reached } = await tenant.get()
  const last = await tenant.ended(operation.id)
  const winner = [first, second].find(({ body }) => body.operation.id === last.id)
  return {
    tenant,
    generations: reached - generation,
    winner: winner === first ? up : winner === second ? down : 'neither',
    last,
    truth: await end(last),
  }
}
