/** What other hands do to a tenant, and what an operation that fails leaves. */
import t from 'tap'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { newUserId, untilComplete } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()

t.test('an object that was deleted by hand comes back', async (t) => {
  const { api } = await serve(t, cluster)
  const userId = newUserId(t, cluster, 'mend')
  const { namespace, fullname: name } = namesFor(userId)
  t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi' })).status, 202)
  await untilComplete(cluster, userId)
  await cluster.admin.core.deleteNamespacedService({ name, namespace })
  await untilComplete(cluster, userId, 45)
})
