import t from 'tap'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { fakeNode, fillNode, freeMemory } from '../../helpers/node-room.ts'
import { createTenant, serveResizes } from '../../helpers/resized-tenant.ts'
import { withholdRight } from '../../helpers/withheld-right.ts'

const MiB = 2n ** 20n
const TIMEOUTS = { RESIZE_TIMEOUT_SECONDS: '8', OPERATION_TIMEOUT_SECONDS: '25' }

const cluster = await testCluster()

t.test('a change of RAM', { skip: withoutResize(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster, TIMEOUTS)
  const { memory } = await freeMemory(cluster)
  /** More than the node has in all, and less than the service allows. */
  const tooMuch = `${memory / MiB + 1024n}Mi`

  t.test('that no node can ever hold is refused, whatever the strategy', async (t) => {
    const tenant = await createTenant(t, cluster, api, 'too-large', '512Mi')
    const before = await tenant.runs()
    const reasons = { auto: 'NoNodeLargeEnough', inPlace: 'NodeTooSmall', restart: 'NoNodeLargeEnough' }
    for (const strategy of ['auto', 'inPlace', 'restart'] as const) {
      const request = { ramSize: tooMuch, strategy }
      t.match(await tenant.plan(request), { feasible: false, reasons: [{ code: reasons[strategy] }] })
      const { status, body } = await tenant.send(request)
      t.match([status, body.code], [409, 'not-feasible'], strategy)
    }
    t.match(await tenant.get(), { generation: 1, desired: { ramSize: '512Mi' } })
    t.strictSame(await tenant.runs(), before)
  })

  t.test('that only a node could hold which the pod may not use is refused, but to whoever insists', async (t) => {
    const tenant = await createTenant(t, cluster, api, 'elsewhere', '512Mi')
    await fakeNode(t, cluster, '200Gi')
    const inPlace = { ramSize: tooMuch, strategy: 'inPlace' as const }
    t.match(await tenant.plan(inPlace), { feasible: false, reasons: [{ code: 'NodeTooSmall' }] })
    t.equal((await tenant.send(inPlace)).status, 409)
    const refused = await tenant.send({ ramSize: tooMuch })
    t.match([refused.status, refused.body.code], [409, 'not-feasible'])
    t.match(refused.body.detail, /1 tainted only-an-object:NoSchedule.*force=true/)
    const { plan, operation, truth } = await tenant.resize({ ramSize: tooMuch }, true)
    t.match(plan, { feasible: true, expectedDisruption: 'restart' })
    t.match(plan.reasons.map(({ code }) => code).sort(), ['NoNodeLargeEnough', 'NodeTooSmall'])
    // No autoscaler makes a node here, so the change is taken back, by one more start.
    t.match(operation, { state: 'failed', outcome: { disruption: 'restart', asPlanned: true } })
    t.equal(truth, 'restart')
    const pod = await tenant.pod()
    t.equal(pod.spec?.containers[0]?.resources?.limits?.memory, '512Mi', 'it runs in the size of before')
    t.match(await tenant.get(), { desired: { ramSize: '512Mi' }, actual: { ramSize: '512Mi' } })
  })

  t.test('that the node turns out never to hold fails in place, with the old size in force', async (t) => {
    const tenant = await createTenant(t, cluster, api, 'infeasible', '512Mi')
    await withholdRight(t, cluster, 'nodes', 'list')
    const before = await tenant.runs()
    const { plan, operation, truth } = await tenant.resize({ ramSize: tooMuch, strategy: 'inPlace' })
    t.match(plan, { feasible: true, expectedDisruption: 'none', worstDisruption: 'none' })
    t.match(operation, { state: 'failed', failure: { reason: 'Infeasible', tenantUsable: true, retryable: false } })
    t.match(operation.outcome, { disruption: 'none', limits: { memory: '512Mi' } })
    t.equal(truth, 'none')
    await tenant.isBackAt(t, '512Mi', before)
  })

  t.test('for which the node has no room now waits, and is taken back in time', async (t) => {
    const tenants = await Promise.all(['auto', 'in-place'].map((name) => createTenant(t, cluster, api, name, '512Mi')))
    const makeRoom = await fillNode(t, cluster, 256n * MiB)
    for (const [index, strategy] of (['auto', 'inPlace'] as const).entries()) {
      const tenant = tenants[index]!
      const before = await tenant.runs()
      const { plan, operation, truth } = await tenant.resize({ ramSize: '1Gi', strategy })
      t.match(plan, { feasible: true, expectedDisruption: 'none', reasons: [{ code: 'NodeBusy' }] })
      t.match(operation, { state: 'failed', failure: { reason: 'Deferred', tenantUsable: true, retryable: true } })
      t.equal(truth, 'none', `${strategy} does not restart`)
      await tenant.isBackAt(t, '512Mi', before)
    }
    await makeRoom()
    const { operation, truth } = await tenants[0]!.resize({ ramSize: '1Gi' })
    t.match([operation.state, truth], ['succeeded', 'none'], 'with room again the same request succeeds')
  })
})
