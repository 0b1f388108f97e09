import t, { type Test } from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { type TestTenant, tenantOf } from '../helpers/tenant.ts'

const cluster = await testCluster()
const { core } = cluster.admin
const noRecord = cluster.overlaps === undefined && 'this cluster keeps no record of overlaps'

t.test('two databases on one volume', { skip: withoutPods(cluster) || noRecord }, async (t) => {
  // The default: a pod takes 20 seconds to end, long enough for a second one to start beside it.
  const service = await serveClient(t, cluster, { FLUSH_INTERVAL_SECONDS: '15' })
  t.jobs = 2

  t.test('are recorded where nothing but the quota is missing', { buffered: true }, async (t) => {
    // Only records of ids that begin so are forgiven by the run of all tests.
    const tenant = await created(t, 'overlap')
    const { fullname: name, namespace } = tenant.names
    await core.deleteNamespacedResourceQuota({ name, namespace })
    const { old, next } = await deletePodByHand(tenant)
    const record = await until('a record of the overlap', async () => (await tenant.overlaps())[0])
    t.match(JSON.parse(record.slice(record.indexOf(' '))), { event: 'begin', hostname: next, other: old })
    await until('the service brings the quota back', async () => {
      const { items } = await core.listNamespacedResourceQuota({ namespace })
      return items.some(({ metadata }) => metadata?.name === name)
    })
  })

  t.test('never happen with the quota in place', { buffered: true }, async (t) => {
    const tenant = await created(t, 'no-overlap')
    await tenant.insert('acknowledged')
    const { next } = await deletePodByHand(tenant)
    t.equal((await tenant.readyPod()).metadata?.name, next)
    t.strictSame(await tenant.documents(), ['acknowledged'])
    t.strictSame(await tenant.overlaps(), [])
  })

  async function created(t: Test, prefix: string): Promise<TestTenant> {
    const tenant = tenantOf(t, cluster, service, prefix)
    t.equal((await tenant.create('512Mi')).response.status, 201)
    return tenant
  }
})

/** The names of the pod that was deleted, and of the one that was made in its place. */
async function deletePodByHand(tenant: TestTenant): Promise<{ old: string; next: string }> {
  const old = (await tenant.readyPod()).metadata!.name!
  await core.deleteNamespacedPod({ name: old, namespace: tenant.names.namespace })
  const isNext = ({ metadata }: { metadata?: { name?: string } }) => metadata?.name !== old
  const next = await until('a new pod', async () => (await tenant.pods()).find(isNext))
  return { old, next: next.metadata!.name! }
}
