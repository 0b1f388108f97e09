import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { recordPods } from '../helpers/pod-record.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { type TestTenant, tenantOf } from '../helpers/tenant.ts'

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

const cluster = await testCluster()
const { core } = cluster.admin

type PodName = { name: string; namespace: string }

t.test('a database whose pod is taken away', { skip: withoutPods(cluster) }, async (t) => {
  const service = await serveClient(t, cluster)
  t.jobs = 5

  t.test('has all that it had acknowledged when its pod was deleted by hand', { buffered: true }, async (t) => {
    const tenant = await replaced(t, 'deleted', async (tenant, pod) => {
      await tenant.insert('acknowledged')
      await core.deleteNamespacedPod(pod)
    })
    t.strictSame(await tenant.documents(), ['acknowledged'])
    t.strictSame(await tenant.overlaps(), [], 'no two databases had the volume')
  })

  t.test('has all that it had acknowledged when its pod was evicted', { buffered: true }, async (t) => {
    const tenant = await replaced(t, 'evicted', async (tenant, pod) => {
      await tenant.insert('acknowledged')
      await core.createNamespacedPodEviction({ ...pod, body: { metadata: pod } })
    })
    t.strictSame(await tenant.documents(), ['acknowledged'])
    t.strictSame(await tenant.overlaps(), [], 'no two databases had the volume')
  })

  t.test('has its volume for itself though Kubernetes had not counted its pod', { buffered: true }, async (t) => {
    const tenant = await replaced(t, 'uncounted', async (tenant, pod) => {
      await tenant.insert('acknowledged')
      const quota = { name: tenant.names.fullname, namespace: pod.namespace }
      await core.patchNamespacedResourceQuotaStatus({ ...quota, body: { status: { used: { pods: '0' } } } }, MERGE)
      await until('it is counted', async () => {
        const { status } = await core.readNamespacedResourceQuota(quota)
        return status?.used?.pods === '1'
      })
      await core.deleteNamespacedPod(pod)
    })
    t.strictSame(await tenant.documents(), ['acknowledged'])
    t.strictSame(await tenant.overlaps(), [], 'no two databases had the volume')
  })

  t.test('has all that was flushed when its pod was deleted with hardly any grace', { buffered: true }, async (t) => {
    const tenant = await replaced(t, 'hurried', (tenant, pod) => loseAFlush(tenant, { ...pod, gracePeriodSeconds: 1 }))
    t.ok((await tenant.documents()).includes('flushed'))
    t.strictSame(await tenant.overlaps(), [], 'no two databases had the volume')
  })

  t.test('has all that was flushed when its pod was deleted by force', { buffered: true }, async (t) => {
    // Such a pod is forgotten while the node still ends it, so that no quota holds back the next one: an overlap is possible
    // here, as Kubernetes says of forced deletions. The id begins as ids must whose overlaps are forgiven.
    const tenant = await replaced(t, 'overlap-forced', (tenant, pod) =>
      loseAFlush(tenant, { ...pod, gracePeriodSeconds: 0 }),
    )
    t.ok((await tenant.documents()).includes('flushed'))
  })

  /** Creates a tenant and takes its pod away; checks what holds however that is done. */
  async function replaced(t: Test, prefix: string, takeAway: (tenant: TestTenant, pod: PodName) => Promise<unknown>) {
    const tenant = tenantOf(t, cluster, service, prefix)
    const { namespace } = tenant.names
    const podsMade = await recordPods(t, cluster, namespace)
    t.equal((await tenant.create('512Mi')).response.status, 201)
    const old = await tenant.readyPod()
    await takeAway(tenant, { name: old.metadata!.name!, namespace })
    const next = await tenant.readyPod(old)
    t.strictSame(podsMade(), [old.metadata?.name, next.metadata?.name], 'one pod in place of one')
    const { data } = await tenant.operations()
    t.match(data?.items, [{ type: 'create', state: 'succeeded' }], 'and nobody asked for an operation')
    t.equal(data?.items.length, 1)
    t.match((await tenant.get()).data, { state: 'active', generation: 1 })
    return tenant
  }
})

/** Deletes a pod that has flushed one record, and perhaps not yet another. */
async function loseAFlush(tenant: TestTenant, deletion: PodName & { gracePeriodSeconds: number }): Promise<void> {
  await tenant.insert('flushed')
  await tenant.untilFlushed()
  await tenant.insert('perhaps lost')
  await core.deleteNamespacedPod(deletion)
}
