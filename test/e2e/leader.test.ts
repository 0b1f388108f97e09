/** Several replicas: one leads, by a Lease; any of them takes requests; and another goes on when it is killed or stands still. */
import t from 'tap'
import type { Api } from '../helpers/api.ts'
import { until } from '../helpers/api.ts'
import { callsOf } from '../helpers/call-count.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { createTenant, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'

const TENANTS = 6
/** The only Lease that the service's account may write. */
const LEASE = 'fluxiondb-provisioner/fluxiondb-provisioner'

const cluster = await testCluster()

const replica = () => serveResizes(t, cluster, { LEASE })
const leads = async (api: Api) => /^fluxiondb_provisioner_leads 1$/m.test(String((await api('GET', '/metrics')).body))
const leaderOf = (...replicas: Awaited<ReturnType<typeof replica>>[]) =>
  until('one leads', async () => {
    for (const one of replicas) if (await leads(one.api)) return one
    return undefined
  })

t.test('replicas that take turns at leading', { skip: withoutResize(cluster) }, async (t) => {
  const both = await Promise.all([replica(), replica()])
  const leader = await leaderOf(...both)
  const follower = both.find((one) => one !== leader)!
  t.notOk(await leads(follower.api))

  const prefixes = Array.from({ length: TENANTS }, (_, index) => `led-${index}`)
  const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, follower.api, prefix, '256Mi')))
  const runs = () => Promise.all(tenants.map((tenant) => tenant.runs()))
  const before = await runs()

  await t.test('what one has taken the other carries out, and both tell of it', async (t) => {
    const [tenant] = tenants
    const { operation, truth } = await tenant!.resize({ ramSize: '320Mi' })
    t.match([operation.state, truth], ['succeeded', 'none'])
    t.ok(operation.steps.length > 0, 'its steps are told by the replica that did not take them')
    const made = await callsOf(follower.api)
    // All else it tries by dry runs, when it plans.
    t.notOk(made.has('PATCH replicasets') || made.has('PUT configmaps'), 'it has carried out nothing')
  })

  await t.test('the leader is killed in the middle of changes', async (t) => {
    const apis = [leader.api, follower.api]
    const sent = await Promise.all(
      tenants.map(({ userId }, index) => tenantAt(cluster, apis[index % 2]!, userId).send({ ramSize: '384Mi' })),
    )
    await leader.stop('SIGKILL')
    const killedAt = performance.now()
    t.ok(sent.every(({ status }) => status === 202))
    await until('the other leads', () => leads(follower.api))
    t.comment(`another leads ${((performance.now() - killedAt) / 1000).toFixed(1)} s after the kill`)
    for (const [index, tenant] of tenants.entries()) {
      t.match(await tenant.ended(sent[index]!.body.operation.id), { state: 'succeeded' })
      t.strictSame(await tenant.whatIsWrong(), [])
    }
    t.strictSame(await runs(), before, 'no pod or container was replaced')
  })

  const third = await replica()
  await t.test('one that stood still does not lead when it goes on', async (t) => {
    follower.process.kill('SIGSTOP')
    const tenant = tenantAt(cluster, third.api, tenants[0]!.userId)
    const { body } = await tenant.send({ ramSize: '256Mi' })
    t.match(await tenant.ended(body.operation.id), { state: 'succeeded' })
    t.ok(await leads(third.api))
    follower.process.kill('SIGCONT')
    t.notOk(await leads(follower.api))
    t.ok(await leads(third.api))
    t.strictSame(await runs(), before)
  })

  await t.test('one that is told to end hands over before its lease is over', async (t) => {
    await third.stop()
    const endedAt = performance.now()
    await until('the other leads', () => leads(follower.api))
    t.comment(`another leads ${((performance.now() - endedAt) / 1000).toFixed(1)} s after the end`)
  })
})
