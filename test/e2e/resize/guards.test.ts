import t from 'tap'
import { isObserved } from '../../../src/tenants/decide/replica-sets.ts'
import { until } from '../../helpers/api.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { backlogOf, controllerManager } from '../../helpers/controller-manager.ts'
import { recordPods } from '../../helpers/pod-record.ts'
import { createTenant, type ResizedTenant, serveResizes } from '../../helpers/resized-tenant.ts'

const TENANTS = 8
/** With the tenants this makes 48 changes. After how many Deployments have been paused the controller manager stops. */
const STOP_AFTER_PAUSED = [0, 1, 4, 0, 2, 6]
const SIZES = ['768Mi', '512Mi', '1Gi', '640Mi', '896Mi', '512Mi']
const BACKLOG = 30

const cluster = await testCluster()

t.test('a change in place', { skip: withoutResize(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  const controllers = controllerManager(t, cluster)

  t.test('survives controllers that stop in it with a backlog, and go on in the middle', async (t) => {
    const prefixes = Array.from({ length: TENANTS }, (_, index) => `backlog-${index}`)
    const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, api, prefix, '512Mi')))
    const backlog = await backlogOf(t, cluster, BACKLOG)
    const before = await runsOf(tenants)
    for (const [round, count] of STOP_AFTER_PAUSED.entries()) {
      const ramSize = SIZES[round]!
      if (count === 0) controllers.stop()
      const changes = Promise.all(tenants.map((tenant) => tenant.resize({ ramSize })))
      const paused = new Set<string>()
      await until(`${count} Deployments have been paused`, async () => {
        for (const { metadata } of await pausedOf(tenants)) paused.add(metadata!.uid!)
        return paused.size >= count
      })
      controllers.stop()
      await backlog.grow()
      await until('all that are not done wait for the controllers', async () => {
        const waiting = await Promise.all(tenants.map(async (tenant) => isHeldUp(tenant, ramSize)))
        return waiting.every(Boolean)
      })
      controllers.goOn()
      const ended = await changes
      t.match(
        ended.map(({ operation, truth }) => [operation.state, truth]),
        tenants.map(() => ['succeeded', 'none']),
        `round ${round}, to ${ramSize}, stopped after ${count} pauses`,
      )
    }
    t.strictSame(await runsOf(tenants), before, 'the same pods and containers, not restarted')
    for (const tenant of tenants) t.strictSame(await tenant.whatIsWrong(), [], tenant.userId)
  })

  t.test('does not fall back to an older ReplicaSet of the same size', async (t) => {
    const tenant = await createTenant(t, cluster, api, 'return', '512Mi')
    const restart = tenant.resize({ ramSize: '768Mi', strategy: 'restart' })
    // From here to the readiness of the new pod the old ReplicaSet is kept.
    await until('the Deployment counts the new pod', async () => {
      const { status, spec } = await tenant.deployment()
      const [pod] = await tenant.runs()
      return spec?.template.spec?.containers[0]?.resources?.limits?.memory === '768Mi' && pod && status?.updatedReplicas
    })
    controllers.stop()
    t.equal((await restart).operation.state, 'succeeded')
    t.equal((await tenant.replicaSets()).length, 2, 'the ReplicaSet of the earlier size is still there')

    const back = tenant.resize({ ramSize: '512Mi' })
    await until('the Deployment is paused', async () => (await tenant.deployment()).spec?.paused)
    controllers.goOn()
    t.match(await back, { operation: { state: 'succeeded' }, truth: 'none' })
    t.strictSame(await tenant.whatIsWrong(), [])
  })

  t.test('in the middle of a Recreate waits for its end, and adds no restart', async (t) => {
    const tenant = await createTenant(t, cluster, api, 'recreate', '512Mi')
    const podsMade = await recordPods(t, cluster, tenant.namespace)
    await tenant.send({ ramSize: '768Mi', strategy: 'restart' })
    await until('the old pod is ending', async () => (await tenant.runs()).length === 0)
    const { operation } = await tenant.resize({ ramSize: '640Mi' })
    t.equal(operation.state, 'succeeded')
    t.equal(podsMade().length, 2, 'the old pod and a single new one')
    t.match(await tenant.get(), { actual: { ramSize: '640Mi', restarts: 0 } })
    t.strictSame(await tenant.whatIsWrong(), [])
  })

  t.test('after a restart that cannot be called back any more says that it comes', async (t) => {
    const tenant = await createTenant(t, cluster, api, 'under-way', '512Mi')
    const podsMade = await recordPods(t, cluster, tenant.namespace)
    controllers.stop()
    await tenant.send({ ramSize: '768Mi', strategy: 'restart' })
    await until('the Deployment has another template', async () => !isObserved(await tenant.deployment()))
    const [inPlace, auto] = await Promise.all([
      tenant.send({ ramSize: '640Mi', strategy: 'inPlace' }),
      tenant.plan({ ramSize: '640Mi' }),
    ])
    t.match([inPlace.status, inPlace.body.code, inPlace.body.detail], [409, 'not-feasible', /restart is under way/])
    t.match(auto, { feasible: true, expectedDisruption: 'restart', reasons: [{ code: 'RestartUnderWay' }] })
    const change = tenant.resize({ ramSize: '640Mi' })
    await until('the change is accepted', async () => (await tenant.get()).desired.ramSize === '640Mi')
    controllers.goOn()
    t.match(await change, { operation: { state: 'succeeded', outcome: { asPlanned: true } }, truth: 'restart' })
    t.equal(podsMade().length, 2, 'the old pod and a single new one')
    t.strictSame(await tenant.whatIsWrong(), [])
  })
})

const runsOf = (tenants: ResizedTenant[]) => Promise.all(tenants.map(({ runs }) => runs()))

async function pausedOf(tenants: ResizedTenant[]) {
  return (await Promise.all(tenants.map(({ deployment }) => deployment()))).filter(({ spec }) => spec?.paused)
}

/** Whether a tenant's change has ended, or cannot go on without the controllers. */
async function isHeldUp(tenant: ResizedTenant, ramSize: string): Promise<boolean> {
  const [deployment, replicaSets] = [await tenant.deployment(), await tenant.replicaSets()]
  if (!isObserved(deployment) || !replicaSets.every(isObserved)) return true
  const { operation, desired } = await tenant.get()
  return operation.state !== 'running' && desired.ramSize === ramSize
}
