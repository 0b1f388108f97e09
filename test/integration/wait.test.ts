/** How long a write is held for its operation to end, and what it may depend on. */
import t from 'tap'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const { api } = await serve(t, cluster, { FLUSH_INTERVAL_SECONDS: '2' })
const WAIT = { prefer: 'wait=60' }

t.test('a write that waits is answered when its operation has ended', { skip: withoutPods(cluster) }, async (t) => {
  const userId = newUserId(t, cluster, 'wait')
  const created = await api('POST', '/tenants', { userId, ramSize: '128Mi' }, WAIT)
  t.match([created.status, created.body.state, created.body.operation.state], [201, 'active', 'succeeded'])
  t.equal(created.headers.get('preference-applied'), 'wait=60')
})
