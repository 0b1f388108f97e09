/** What comes after a change in place must find the new size everywhere, or the old one would come back with the next pod. */
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { bytesOf } from '../../../src/sizing/quantity.ts'
import { restart } from '../../../tools/local-cluster/cluster.ts'
import { until } from '../../helpers/api.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { kernelLimits } from '../../helpers/kernel-limits.ts'
import { recordPods } from '../../helpers/pod-record.ts'
import { createTenant, type ResizedTenant, serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'
import { secondNameOf } from '../../helpers/second-image.ts'

const APPLY = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply)

const cluster = await testCluster()
const { core, apps } = cluster.admin

t.test('after a change in place', { skip: withoutResize(cluster) }, async (t) => {
  const service = await serveResizes(t, cluster)
  const { api } = service

  t.test('a new pod has the new size:', async (t) => {
    t.jobs = 4

    t.test('one in place of a deleted one', { buffered: true }, async (t) => {
      const tenant = await resized(t, 'deleted')
      const pod = await tenant.pod()
      await core.deleteNamespacedPod({ name: pod.metadata!.name!, namespace: tenant.namespace })
      await hasNewPod(t, tenant, pod.metadata!.uid!)
    })

    t.test('one in place of an evicted one', { buffered: true }, async (t) => {
      const tenant = await resized(t, 'evicted')
      const pod = await tenant.pod()
      const { namespace } = tenant
      const name = pod.metadata!.name!
      await core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } })
      await hasNewPod(t, tenant, pod.metadata!.uid!)
    })

    t.test('one with another image, which a restart takes', { buffered: true }, async (t) => {
      const tenant = await resized(t, 'image')
      const { metadata } = await tenant.pod()
      const image = await secondNameOf(t, cluster)
      const { api: next } = await serveResizes(t, cluster, { IMAGE: image })
      t.equal((await tenant.pod()).metadata?.uid, metadata?.uid, 'a new default restarts nobody')
      const { plan, operation, truth } = await tenantAt(cluster, next, tenant.userId).post('restart')
      t.match(plan, {
        expectedDisruption: 'restart',
        changes: [{ resource: 'image.tag', to: image.split(':').at(-1) }],
      })
      t.match(operation, { state: 'succeeded', outcome: { asPlanned: true } })
      t.equal(truth, 'restart')
      await hasNewPod(t, tenant, metadata!.uid!)
      t.equal((await tenant.pod()).spec?.containers[0]?.image, image)
    })

    t.test('one that somebody gave an old size by hand', { buffered: true }, async (t) => {
      const tenant = await resized(t, 'by-hand')
      const { uid } = (await tenant.pod()).metadata!
      const containers = [
        { name: 'fluxiondb', resources: { limits: { memory: '512Mi' }, requests: { memory: '512Mi' } } },
      ]
      await apps.patchNamespacedDeployment(
        {
          name: tenant.fullname,
          namespace: tenant.namespace,
          fieldManager: 'by-hand',
          force: true,
          body: { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: { containers } } } },
        },
        APPLY,
      )
      await until('another pod', async () => (await tenant.runs()).some(({ podUid }) => podUid !== uid), 90)
      await until('no wrong size is left', async () => (await tenant.whatIsWrong()).length === 0, 120)
      await hasNewPod(t, tenant, uid!)
    })
  })

  t.test('no pod is started when controllers and service start anew', async (t) => {
    const tenant = await resized(t, 'anew')
    const before = await tenant.runs()
    const podsMade = await recordPods(t, cluster, tenant.namespace)
    await restart(cluster, 'kube-controller-manager')
    await service.stop()
    const { api: next } = await serveResizes(t, cluster)
    // A change needs both: when it has ended they have looked at everything.
    const { operation, truth } = await tenantAt(cluster, next, tenant.userId).resize({ ramSize: '896Mi' })
    t.equal(operation.state, 'succeeded')
    t.equal(truth, 'none')
    t.strictSame(await tenant.runs(), before)
    t.equal(podsMade().length, 1, 'no other pod was there in between')
  })

  /** A tenant that was given 768Mi in place. */
  async function resized(t: Test, prefix: string): Promise<ResizedTenant> {
    const tenant = await createTenant(t, cluster, api, prefix, '512Mi')
    t.match(await tenant.resize({ ramSize: '768Mi' }), { operation: { state: 'succeeded' }, truth: 'none' })
    return tenant
  }
})

async function hasNewPod(t: Test, tenant: ResizedTenant, oldUid: string): Promise<void> {
  await until('the old pod is gone', async () =>
    (await tenant.pods()).every(({ metadata }) => metadata?.uid !== oldUid),
  )
  const { metadata } = await tenant.pod()
  const { memory } = await kernelLimits(metadata!.uid!)
  t.equal(memory, Number(bytesOf('768Mi')), 'the kernel holds the new pod to the new size')
  t.strictSame(await tenant.whatIsWrong(), [])
}
