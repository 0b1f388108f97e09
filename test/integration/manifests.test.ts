/** What is rendered, judged by a real API server. */
import t from 'tap'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, untilComplete } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()

t.test('the service applies what is rendered, and the cluster keeps it so', async (t) => {
  const { api } = await serve(t, cluster)
  const userId = newUserId(t, cluster, 'applied')
  t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi' })).status, 202)
  await untilComplete(cluster, userId)
})
