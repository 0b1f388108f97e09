import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { documentsOf } from '../helpers/documents-of.ts'
import { createTenant, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'

const cluster = await testCluster()

t.test('options of a running database', { skip: withoutPods(cluster) }, async (t) => {
  const file = join(t.testdir(), 'policy.json')
  writeFileSync(file, JSON.stringify({ options: { write: ['*'] }, images: ['*'], annotations: ['example.com/*'] }))
  const { api } = await serveResizes(t, cluster, { POLICY_FILE: file, OPERATION_TIMEOUT_SECONDS: '30' })
  const tenant = await createTenant(t, cluster, api, 'options', '256Mi')
  const path = `/tenants/${tenant.userId}`
  const patch = async (options: object) => {
    const plan = (await api('PATCH', `${path}?dryRun=true`, { options })).body
    const before = await tenant.pods()
    const { status, body } = await api('PATCH', path, { options }, { prefer: 'wait=60' })
    const after = await tenant.pods()
    const truth = before[0]?.metadata?.uid === after[0]?.metadata?.uid ? 'none' : 'restart'
    return { status, body, plan, truth }
  }

  await t.test('change without a restart where the pod is not concerned', async (t) => {
    const { status, body, plan, truth } = await patch({
      labels: { team: 'blue' },
      service: { port: 9090 },
      protected: true,
    })
    t.equal(status, 200, JSON.stringify(body))
    t.match(plan, { expectedDisruption: 'none', worstDisruption: 'none', feasible: true })
    t.equal(truth, 'none')
    t.match(body, { state: 'active', endpoints: { internal: { port: 9090 } } })
    t.equal((await api('DELETE', path)).status, 409)
  })

  const disruption = cluster.resizesPods ? 'none' : 'restart'
  await t.test('change the CPU in place, where the cluster can', async (t) => {
    const { status, body, plan, truth } = await patch({ resources: { limits: { cpu: '700m' } } })
    t.equal(status, 200, JSON.stringify(body))
    t.match(plan, { expectedDisruption: disruption })
    t.equal(truth, disruption)
    t.equal(body.actual.cpu.limit, '700m')
  })

  await t.test('change the pod by one restart, which the plan said, and keep the data', async (t) => {
    const { status, body, plan, truth } = await patch({ podAnnotations: { 'example.com/a': 'b' }, flushInterval: 2 })
    t.equal(status, 200, JSON.stringify(body))
    t.match(plan, { expectedDisruption: 'restart', strategy: 'restart', steps: ['deployment', 'ready'] })
    t.equal(truth, 'restart')
    t.match(body.operation, { type: 'update', outcome: { disruption: 'restart', asPlanned: true } })
  })

  await t.test('are taken back if the database does not come up with them', async (t) => {
    const { body } = await patch({ image: { repository: 'no-such-image', tag: 'none', pullPolicy: 'Never' } })
    const operation = await tenant.ended(body.operation.id)
    t.match(operation, { state: 'failed' })
    const { body: after } = await api('GET', path)
    t.match(after.options.image, { pullPolicy: 'IfNotPresent' })
  })

  await t.test('stay with the tenant when its RAM changes', async (t) => {
    const { body } = await api('PATCH', `${path}/ram`, { ramSize: '384Mi' }, { prefer: 'wait=60' })
    t.match(body, {
      desired: { ramSize: '384Mi', cpu: { limit: '700m' } },
      options: { flushInterval: 2, labels: { team: 'blue' } },
    })
  })
})

t.test(
  'a restart with a default image that does not exist is taken back',
  { skip: withoutPods(cluster) },
  async (t) => {
    const maker = await serveResizes(t, cluster)
    const { userId, key } = await createTenant(t, cluster, maker.api, 'bad-default', '256Mi')
    await maker.stop()
    const settings = { IMAGE: 'no-such-image:none', IMAGE_PULL_POLICY: 'Never', OPERATION_TIMEOUT_SECONDS: '20' }
    const { api } = await serveResizes(t, cluster, settings)
    const tenant = tenantAt(cluster, api, userId)
    const { operation, truth } = await tenant.post('restart')
    t.match([operation.state, truth], ['failed', 'restart'], 'it says that it failed')
    await until('it is back', async () => (await tenant.get()).state === 'active')
    t.strictSame(await documentsOf(tenant, key), [])
    t.strictSame(await tenant.whatIsWrong(), [])
  },
)
