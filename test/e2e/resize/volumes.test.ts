import t, { type Test } from 'tap'
import { bytesOf } from '../../../src/sizing/quantity.ts'
import { connect } from '../../../tools/stand-in/client.ts'
import { until } from '../../helpers/api.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { createTenant, type ResizedTenant, serveResizes } from '../../helpers/resized-tenant.ts'

const VOLUME_TIMEOUT_SECONDS = '20'
/** The volume of 512Mi of RAM, and that of twice as much. */
const SMALL = bytesOf('1Gi')!
const LARGE = bytesOf('2Gi')!

const cluster = await testCluster()

t.test('more RAM, with a volume that', { skip: withoutResize(cluster) }, async (t) => {
  t.jobs = 4

  t.test('cannot grow, is refused before anything is changed', { buffered: true }, async (t) => {
    const tenant = await tenantOn(t, 'local-fixed')
    const plan = await tenant.plan({ ramSize: '1Gi' })
    t.match(plan, { feasible: false, reasons: [{ code: 'ClassNotExpandable', message: /"local-fixed"/ }] })
    const { status, body } = await tenant.send({ ramSize: '1Gi' })
    t.match([status, body.code, body.detail], [409, 'not-feasible', /"local-fixed" does not allow expansion/])
    t.equal((await tenant.get()).generation, 1)
    t.equal(await requested(tenant), SMALL)
    await takesNextRequest(t, tenant)
  })

  t.test('refuses to grow, is taken back with the reason', { buffered: true }, async (t) => {
    const tenant = await tenantOn(t, 'local-refusing')
    const failure = await failsToGrow(t, tenant)
    t.match(failure, { reason: 'VolumeNotGrown', message: /this class refuses to grow to 2Gi/, retryable: false })
    await takesNextRequest(t, tenant)
  })

  t.test('grows half, is taken back in time with the reason', { buffered: true }, async (t) => {
    const tenant = await tenantOn(t, 'local-half')
    const failure = await failsToGrow(t, tenant)
    t.match(failure, { reason: 'VolumeGrowing', message: /finish file system resize/, retryable: true })
    await takesNextRequest(t, tenant)
  })

  t.test('grows slowly, comes when it has grown', { buffered: true }, async (t) => {
    const tenant = await tenantOn(t, 'local-slow')
    const { plan, operation, truth } = await tenant.resize({ ramSize: '1Gi' })
    t.strictSame(plan.steps, ['volume', 'pod', 'deployment', 'ready'])
    t.equal(operation.state, 'succeeded')
    t.equal(truth, 'none')
    t.equal(operation.steps[0]?.name, 'volume', 'the volume came first')
    t.ok(operation.steps.every(({ state }) => state === 'succeeded'))
    t.match(await tenant.get(), { actual: { ramSize: '1Gi', storageSize: '2Gi', restarts: 0 } })
    t.strictSame(await tenant.whatIsWrong(), [])
  })
})

async function tenantOn(t: Test, storageClass: string) {
  const { api } = await serveResizes(t, cluster, { STORAGE_CLASS: storageClass, VOLUME_TIMEOUT_SECONDS })
  return createTenant(t, cluster, api, storageClass, '512Mi')
}

/** Asks for more RAM than the volume has room for: all stays as it was. @returns why */
async function failsToGrow(t: Test, tenant: ResizedTenant) {
  const before = await tenant.runs()
  const { plan, operation, truth } = await tenant.resize({ ramSize: '1Gi' })
  t.match(plan, { feasible: true, expectedDisruption: 'none' })
  t.match(operation, { state: 'failed', failure: { tenantUsable: true }, outcome: { disruption: 'none' } })
  t.equal(truth, 'none')
  const { desired, actual } = await tenant.get()
  t.match([desired, actual], [{ ramSize: '512Mi', storageSize: '1Gi' }, { ramSize: '512Mi' }], 'RAM as it was')
  t.strictSame(await tenant.runs(), before)
  await useDatabase(tenant)
  const lowered = await until('the request of the claim is lowered', async () => {
    const now = await requested(tenant)
    return now < LARGE && now
  })
  t.equal(lowered, SMALL + 1n, 'to just above what the volume has')
  return operation.failure
}

/** Less RAM, for which the volume is large enough. */
async function takesNextRequest(t: Test, tenant: ResizedTenant): Promise<void> {
  const { operation, truth } = await tenant.resize({ ramSize: '384Mi' })
  t.equal(operation.state, 'succeeded', 'the next request succeeds')
  t.equal(truth, 'none')
  t.strictSame(await tenant.whatIsWrong(), [])
}

async function useDatabase(tenant: ResizedTenant): Promise<void> {
  const { status } = await tenant.pod()
  const database = await connect({ url: `ws://${status!.podIP}:8080`, key: tenant.key })
  await database.insert({ col: 'use', doc: 'use', ts: 1, data: '' })
  await database.close()
}

async function requested(tenant: ResizedTenant): Promise<bigint> {
  return bytesOf((await tenant.claim()).spec?.resources?.requests?.storage)!
}
