import t from 'tap'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { recordPods } from '../../helpers/pod-record.ts'
import { createTenant, serveResizes } from '../../helpers/resized-tenant.ts'
import { withholdRight } from '../../helpers/withheld-right.ts'

const cluster = await testCluster()

t.test('where the service may not resize pods', { skip: withoutPods(cluster) }, async (t) => {
  await withholdRight(t, cluster, 'pods/resize', 'patch')
  const { api } = await serveResizes(t, cluster)
  const tenant = await createTenant(t, cluster, api, 'no-resize', '512Mi')
  const podsMade = await recordPods(t, cluster, tenant.namespace)
  const reasons = [{ code: 'ResizeNotAvailable' }]

  t.test('a change in place is refused, and leaves everything as it was', async (t) => {
    t.match(await tenant.plan({ ramSize: '1Gi', strategy: 'inPlace' }), { feasible: false, reasons })
    const { status, body } = await tenant.send({ ramSize: '1Gi', strategy: 'inPlace' })
    t.match([status, body.code], [409, 'not-feasible'])
    t.match(await tenant.get(), { generation: 1, desired: { ramSize: '512Mi' } })
  })

  for (const ramSize of ['1Gi', '768Mi']) {
    t.test(`a change to ${ramSize} plans a restart, restarts once, and says so`, async (t) => {
      const madeBefore = podsMade().length
      const { plan, operation, truth } = await tenant.resize({ ramSize })
      t.match(plan, { feasible: true, expectedDisruption: 'restart', lossWindowSeconds: 1, reasons })
      t.match(operation, { state: 'succeeded', outcome: { disruption: 'restart', asPlanned: true } })
      t.equal(truth, 'restart')
      t.equal(podsMade().length, madeBefore + 1, 'one new pod')
      t.strictSame(await tenant.whatIsWrong(), [])
    })
  }
})
