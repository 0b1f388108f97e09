import t from 'tap'
import { bytesOf } from '../../../src/sizing/quantity.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { longestGap, startInserting } from '../../helpers/inserting-client.ts'
import { kernelLimits } from '../../helpers/kernel-limits.ts'
import { createTenant, type ResizedTenant, serveResizes } from '../../helpers/resized-tenant.ts'

/** What issue and design promise: a resize is felt no more than the noise of the machine. */
const TIMES_THE_UNTOUCHED = 3

const cluster = await testCluster()

t.test('a change of RAM under a client that inserts every 5 ms', { skip: withoutResize(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  const [resized, untouched, restarted] = (await Promise.all(
    ['resized', 'untouched', 'restarted'].map((prefix) => createTenant(t, cluster, api, prefix, '512Mi')),
  )) as [ResizedTenant, ResizedTenant, ResizedTenant]

  t.test('in place keeps pod, container and connection, and the kernel holds the new size', async (t) => {
    const [before] = await resized.runs()
    const [client, other] = await Promise.all([startInserting(resized), startInserting(untouched)])
    const sizes = [await limitsOf(resized)]
    for (const ramSize of ['1Gi', '768Mi']) {
      const { plan, operation } = await resized.resize({ ramSize })
      t.match(plan, { feasible: true, expectedDisruption: 'none', worstDisruption: 'restart', lossWindowSeconds: 1 })
      t.equal(operation.state, 'succeeded')
      t.match(operation.outcome, {
        disruption: 'none',
        asPlanned: true,
        secondsNotReady: 0,
        limits: { memory: ramSize },
      })
      const { memoryLimitBytes } = await client.database.standIn({ info: true })
      t.equal(memoryLimitBytes, Number(bytesOf(ramSize)), 'the database finds the new limit')
      sizes.push(await limitsOf(resized))
    }
    t.strictSame(
      sizes.map(({ memory }) => memory),
      ['512Mi', '1Gi', '768Mi'].map((size) => Number(bytesOf(size))),
    )
    t.ok(sizes[1]!.cpuWeight > sizes[0]!.cpuWeight, 'CPU has come with the RAM')
    t.strictSame(await resized.runs(), [before], 'the same pod and container, not restarted')
    t.match(await resized.get(), {
      actual: { ramSize: '768Mi', storageSize: '2Gi', cpu: { request: '50m' }, restarts: 0 },
    })

    t.equal(client.closedAt(), undefined, 'the connection was never closed')
    t.equal(await client.stop(), 0, 'every insert was acknowledged')
    await other.stop()
    const [gap, noise] = [longestGap(client.acknowledged), longestGap(other.acknowledged)]
    t.comment(`longest gap ${gap.toFixed(1)} ms; of the untouched tenant ${noise.toFixed(1)} ms`)
    t.ok(gap <= TIMES_THE_UNTOUCHED * noise, `${gap} ms is not more than three times ${noise} ms`)
  })

  t.test('by a restart closes the connection and starts the database once, as the plan had said', async (t) => {
    const [before] = await restarted.runs()
    const client = await startInserting(restarted)
    const { plan, operation } = await restarted.resize({ ramSize: '1Gi', strategy: 'restart' })
    t.match(plan, { feasible: true, expectedDisruption: 'restart', worstDisruption: 'restart', lossWindowSeconds: 1 })
    t.equal(operation.state, 'succeeded')
    t.match(operation.outcome, { disruption: 'restart', asPlanned: true, before: { podUid: before!.podUid } })
    const after = await restarted.runs()
    t.match(after, [{ restartCount: 0 }])
    t.not(after[0]?.podUid, before?.podUid, 'another pod')
    t.equal(operation.outcome?.after?.podUid, after[0]?.podUid)
    t.not(client.closedAt(), undefined, 'the connection was closed')
    t.equal((await limitsOf(restarted)).memory, Number(bytesOf('1Gi')))
    await client.stop()
  })

  const limitsOf = async (tenant: ResizedTenant) => kernelLimits((await tenant.pod()).metadata!.uid!)
})
