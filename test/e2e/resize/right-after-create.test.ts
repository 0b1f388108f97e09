import t from 'tap'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'
import { newUserId } from '../../helpers/tenant-objects.ts'

const TENANTS = 10
/** Of a volume that is made at once, and of one that is made when a pod is scheduled. */
const CLASSES = ['local', 'local-wait']

const cluster = await testCluster()
const skip = withoutPods(cluster) || (cluster.kind !== 'node' && 'classes that only the cluster of this project has')

t.test('a resize right after the create takes its place, storage and all', { skip }, async (t) => {
  t.jobs = CLASSES.length + 1
  for (const storageClass of CLASSES) {
    t.test(storageClass, { buffered: true }, async (t) => {
      const { api } = await serveResizes(t, cluster, { STORAGE_CLASS: storageClass })
      const resized = Array.from({ length: TENANTS }, async () => {
        const userId = newUserId(t, cluster, 'at-once')
        const created = await api('POST', '/tenants', { userId, ramSize: '128Mi' })
        const { status, body } = await api('PATCH', `/tenants/${userId}/ram`, { ramSize: '192Mi' })
        if (status !== 202) return { userId, created: created.status, resized: body.detail }
        const tenant = tenantAt(cluster, api, userId)
        const { state, failure, outcome } = await tenant.ended(body.operation.id)
        const { storageSize } = (await tenant.get()).actual
        const quota = await cluster.admin.core.readNamespacedResourceQuota({
          name: tenant.fullname,
          namespace: tenant.namespace,
        })
        return {
          resized: status,
          state,
          failure: failure?.message,
          asPlanned: outcome?.asPlanned,
          storageSize,
          wrong: await tenant.whatIsWrong(),
          used: quota.status?.used?.pods,
        }
      })
      const expected = {
        resized: 202,
        state: 'succeeded',
        failure: undefined,
        asPlanned: true,
        storageSize: '384Mi',
        wrong: [],
        used: '1',
      }
      t.strictSame(await Promise.all(resized), Array(TENANTS).fill(expected))
    })
  }

  t.test('a class that makes no volume', { buffered: true }, async (t) => {
    const { storage } = cluster.admin
    const name = 'test-no-volumes'
    await storage.createStorageClass({
      body: { metadata: { name }, provisioner: 'example.com/none', allowVolumeExpansion: true },
    })
    t.teardown(() => storage.deleteStorageClass({ name }))
    const { api } = await serveResizes(t, cluster, { STORAGE_CLASS: name, OPERATION_TIMEOUT_SECONDS: '20' })
    const userId = newUserId(t, cluster, 'unbound')
    await api('POST', '/tenants', { userId, ramSize: '128Mi' })
    const { body } = await api('PATCH', `/tenants/${userId}/ram`, { ramSize: '192Mi' })
    const { state, failure } = await tenantAt(cluster, api, userId).ended(body.operation.id)
    t.match([state, failure], ['failed', { reason: 'ClaimNotBound', message: /the claim is Pending; .*unbound/ }])
  })
})
