import t, { type Test } from 'tap'
import { databaseStatus } from '../../../src/tenants/observe/observed.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { documentsOf, withDatabase } from '../../helpers/documents-of.ts'
import { createTenant, type ResizedTenant, serveResizes } from '../../helpers/resized-tenant.ts'

const cluster = await testCluster()

t.test('a tenant', { skip: withoutResize(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  t.jobs = 3

  t.test('that is suspended keeps its data, and may change its size', { buffered: true }, async (t) => {
    const tenant = await createTenant(t, cluster, api, 'suspended', '512Mi')
    await withDatabase(tenant, tenant.key, (database) => database.insert(record('kept')))
    t.equal((await tenant.act('suspend')).state, 'succeeded')
    t.strictSame(await tenant.pods(), [])
    t.match(await tenant.get(), { state: 'suspended', actual: { ramSize: null } })
    const refused = await api('POST', `/tenants/${tenant.userId}/restart`)
    t.match([refused.status, refused.body.code], [409, 'tenant-suspended'])

    const { plan, operation, truth } = await tenant.resize({ ramSize: '1Gi' })
    t.match(plan, {
      feasible: true,
      expectedDisruption: 'none',
      worstDisruption: 'none',
      steps: ['volume', 'deployment'],
    })
    t.match([operation.state, truth], ['succeeded', 'none'])
    t.equal((await tenant.get()).state, 'suspended')

    const { state, finishedAt } = await tenant.act('resume')
    t.equal(state, 'succeeded')
    const resumed = await tenant.active()
    t.ok(
      databaseStatus(await tenant.pod())!.state!.running!.startedAt! <= new Date(finishedAt!),
      'it ran when it ended',
    )
    t.match(resumed, { actual: { ramSize: '1Gi', storageSize: '2Gi' } })
    t.strictSame(await documentsOf(tenant, tenant.key), ['kept'])
    t.strictSame(await tenant.whatIsWrong(), [])
  })

  t.test('that is restarted has another pod, and its data', { buffered: true }, async (t) => {
    const tenant = await createTenant(t, cluster, api, 'restarted', '512Mi')
    await withDatabase(tenant, tenant.key, (database) => database.insert(record('kept')))
    const { plan, operation, truth } = await tenant.post('restart')
    t.match(plan, { expectedDisruption: 'restart', lossWindowSeconds: 1 })
    t.match(operation, { state: 'succeeded', outcome: { disruption: 'restart', asPlanned: true } })
    t.equal(truth, 'restart')
    t.strictSame(await documentsOf(tenant, tenant.key), ['kept'])
  })

  t.test('takes a key that is given, and refuses the old one', { buffered: true }, async (t) => {
    const tenant = await createTenant(t, cluster, api, 'given-key', '512Mi')
    const { plan, answer, operation, truth } = await tenant.post('rotate-key', { apiKey: 'another-key-of-mine' })
    t.match(plan, { expectedDisruption: 'restart' })
    t.match([operation.state, truth], ['succeeded', 'restart'])
    t.equal(answer.body.apiKey, undefined, 'a key that is known is not told')
    await opensOnlyWith(t, tenant, 'another-key-of-mine')
  })

  t.test('is given a key that is shown once, also when the request is repeated', { buffered: true }, async (t) => {
    const tenant = await createTenant(t, cluster, api, 'new-key', '512Mi')
    const headers = { 'idempotency-key': tenant.userId }
    const { answer, truth } = await tenant.post('rotate-key', {}, headers)
    t.equal(truth, 'restart')
    t.match(answer.body.apiKey, /^[\w-]{43}$/)
    t.equal(answer.headers.get('cache-control'), 'no-store')
    const before = await tenant.runs()
    const again = await api('POST', `/tenants/${tenant.userId}/rotate-key`, {}, { ...headers, prefer: 'wait=60' })
    t.equal(again.body.apiKey, answer.body.apiKey)
    t.equal(again.body.operation.id, answer.body.operation.id)
    t.strictSame(await tenant.runs(), before, 'and nothing is done twice')
    t.notMatch(JSON.stringify([await tenant.get(), await tenant.operations()]), answer.body.apiKey)
    await opensOnlyWith(t, tenant, answer.body.apiKey)
  })

  t.test('that is suspended takes a new key when it is resumed', { buffered: true }, async (t) => {
    const tenant = await createTenant(t, cluster, api, 'sleeping-key', '512Mi')
    await tenant.act('suspend')
    const { plan, operation, truth } = await tenant.post('rotate-key', { apiKey: 'key-for-tomorrow' })
    t.match(plan, { expectedDisruption: 'none' })
    t.match([operation.state, truth], ['succeeded', 'none'])
    t.strictSame(await tenant.pods(), [], 'it does not start for that')
    t.equal((await tenant.act('resume')).state, 'succeeded')
    await opensOnlyWith(t, tenant, 'key-for-tomorrow')
  })
})

const record = (doc: string) => ({ col: 'test', doc, ts: 1, data: '' })

async function opensOnlyWith(t: Test, tenant: ResizedTenant, key: string): Promise<void> {
  await t.rejects(documentsOf(tenant, tenant.key), { name: 'ConnectError', status: 401 }, 'the old key is refused')
  t.strictSame(await documentsOf(tenant, key), [], 'the new one opens')
}
