import t from 'tap'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { recordPods } from '../helpers/pod-record.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { tenantOf } from '../helpers/tenant.ts'

const cluster = await testCluster()

t.test('a tenant whose volume cannot grow', { skip: withoutPods(cluster) }, async (t) => {
  const service = await serveClient(t, cluster, { STORAGE_CLASS: cluster.storageClasses.fixed })
  const tenant = tenantOf(t, cluster, service, 'fixed')
  const podsMade = await recordPods(t, cluster, tenant.names.namespace)
  t.equal((await tenant.create('1Gi')).response.status, 201)
  await tenant.insert('first')

  t.test('is refused RAM that needs a larger volume, and nothing changes', async (t) => {
    const before = await tenant.get()
    const claim = await tenant.claim()
    const { response, error } = await tenant.resize('2Gi')
    t.equal(response.status, 409)
    t.match(error, { code: 'not-feasible', retryable: false, detail: /from 2Gi to 4Gi/ })
    const after = await tenant.get()
    t.strictSame(after.data, before.data)
    t.equal(after.response.headers.get('etag'), before.response.headers.get('etag'))
    t.equal((await tenant.claim()).metadata?.resourceVersion, claim.metadata?.resourceVersion)
    t.equal(podsMade().length, 1)
  })

  t.test('gets less RAM, and more again as long as its volume is large enough for it', async (t) => {
    t.match((await tenant.resize('512Mi')).data, { state: 'active', actual: { ramSize: '512Mi', storageSize: '2Gi' } })
    const { response, data } = await tenant.resize('1Gi')
    t.equal(response.status, 200)
    t.match(data, { state: 'active', operation: { state: 'succeeded' } })
    t.strictSame(data?.actual, { ...data?.desired, restarts: 0 })
    t.match(data?.actual, { ramSize: '1Gi', storageSize: '2Gi' })
    t.strictSame(await tenant.documents(), ['first'])
    t.equal(podsMade().length, cluster.resizesPods ? 1 : 3)
  })
})
