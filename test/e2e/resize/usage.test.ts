import t from 'tap'
import { bytesOf } from '../../../src/sizing/quantity.ts'
import { connect } from '../../../tools/stand-in/client.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { createTenant, serveResizes } from '../../helpers/resized-tenant.ts'

/** The kubelet looks again at a size that it could not bring into force, but not soon. */
const SETTINGS = { RESIZE_TIMEOUT_SECONDS: '100' }

const cluster = await testCluster()

t.test('less RAM than the database uses', { skip: withoutResize(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster, SETTINGS)
  const tenant = await createTenant(t, cluster, api, 'in-use', '512Mi')
  const { status } = await tenant.pod()
  const database = await connect({ url: `ws://${status!.podIP}:8080`, key: tenant.key, timeoutMs: 60_000 })
  t.teardown(() => database.close())

  t.test('is taken back, without a restart', async (t) => {
    const before = await tenant.runs()
    await database.standIn({ hold: Number(bytesOf('300Mi')) })
    const { operation, truth } = await tenant.resize({ ramSize: '128Mi' })
    t.match(operation, { state: 'failed', failure: { tenantUsable: true, retryable: true } })
    t.match(operation.failure?.message, /below current usage|only when less memory is used/)
    t.equal(truth, 'none')
    await tenant.isBackAt(t, '512Mi', before)
  })

  t.test('is given once the database uses less', async (t) => {
    await database.standIn({ hold: 0 })
    const { operation } = await tenant.resize({ ramSize: '256Mi' })
    t.match(operation, { state: 'succeeded', outcome: { disruption: 'none' } })
  })
})
