/** What happens to many databases at once: the leader is killed amid their changes, their node is drained. `npm run test:fleet` */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Api, until } from '../helpers/api.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { type ResizedTenant, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'
import { gapsOfPods } from './gaps-of-pods.ts'

const TENANTS = Number(process.env.FLEET_TENANTS ?? 100)
const DRAINED = Math.ceil(TENANTS / 2)
const LEASE = 'fluxiondb-provisioner/fluxiondb-provisioner'
/** A small machine starts one database a second or two. */
const SECONDS = 1800

const cluster = await testCluster()
t.setTimeout(SECONDS * 1000)

const leads = async (api: Api) => /^fluxiondb_provisioner_leads 1$/m.test(String((await api('GET', '/metrics')).body))

t.test('many databases at once', { skip: withoutResize(cluster), timeout: SECONDS * 1000 }, async (t) => {
  const settings = {
    LEASE,
    REQUESTS_PER_MINUTE: '0',
    CPU_REQUEST_PERCENT: '5',
    FLUSH_INTERVAL_SECONDS: '15',
    OPERATION_TIMEOUT_SECONDS: String(SECONDS),
  }
  const leader = await serveResizes(t, cluster, settings)
  await until('it leads', () => leads(leader.api))
  const follower = await serveResizes(t, cluster, settings)
  const tenants = await createTenants(follower.api)
  const before = await runsOf(tenants)

  await t.test('the leader is killed in the middle of a change of each', { timeout: SECONDS * 1000 }, async (t) => {
    const sent = await Promise.all(tenants.map(resize))
    t.strictSame([...new Set(sent.map(({ status }) => status))], [202])
    const ended = await howManyEnded(tenants)
    t.ok(ended < TENANTS, `${ended} of ${TENANTS} changes have ended when the leader is killed`)
    await leader.stop('SIGKILL')
    const killedAt = performance.now()
    await until('the other leads', () => leads(follower.api))
    t.comment(`another leads ${secondsSince(killedAt)} s after the kill`)
    for (const [index, tenant] of tenants.entries()) {
      t.match(await tenant.ended(sent[index]!.body.operation.id, SECONDS), { state: 'succeeded' })
    }
    t.comment(`all have ended ${secondsSince(killedAt)} s after the kill`)
    for (const tenant of tenants) t.strictSame(await tenant.whatIsWrong(), [])
    t.strictSame(await runsOf(tenants), before, 'no pod or container was replaced')
  })

  await t.test('the node of many is drained', { timeout: SECONDS * 1000 }, async (t) => {
    const drained = tenants.slice(0, DRAINED)
    const gaps = await gapsOfPods(
      cluster,
      drained.map(({ namespace }) => namespace),
    )
    await Promise.all(drained.map(evict))
    const { gaps: found, early } = await gaps.untilAll(SECONDS)
    t.comment(
      `from a pod gone to its successor made, of ${found.length}: median ${middle(found)} ms, longest ${found.at(-1)} ms`,
    )
    t.comment(`${early} of them while the API server still showed the one before, which had had twice its grace`)
    t.ok(found.every(Number.isFinite), 'none has a successor before its database has ended')
    for (const tenant of drained) await tenant.pod()
    for (const tenant of drained) t.strictSame(await tenant.whatIsWrong(), [])
  })
})

async function createTenants(api: Api): Promise<ResizedTenant[]> {
  const tenants = Array.from({ length: TENANTS }, () => tenantAt(cluster, api, newUserId(t, cluster, 'fleet')))
  const answers = []
  for (const { userId, key } of tenants) {
    answers.push(await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: key }))
  }
  for (const [index, tenant] of tenants.entries()) {
    const { state } = await tenant.ended(answers[index]!.body.operation.id, SECONDS)
    if (state !== 'succeeded') throw new Error(`the create of ${tenant.userId} has ${state}`)
  }
  return tenants
}

/** Sends it as a careful client does: again, while the service has too much to do. */
async function resize(tenant: ResizedTenant) {
  for (;;) {
    const answer = await tenant.send({ ramSize: '192Mi' })
    if (answer.status !== 503) return answer
    await sleep(Number(answer.headers.get('retry-after')) * 1000)
  }
}

const runsOf = (tenants: ResizedTenant[]) => Promise.all(tenants.map((tenant) => tenant.runs()))

async function howManyEnded(tenants: ResizedTenant[]): Promise<number> {
  const all = await Promise.all(tenants.map((tenant) => tenant.get()))
  return all.filter(({ operation }) => operation?.state !== 'running').length
}

/** As `kubectl drain` takes a pod off its node. */
async function evict(tenant: ResizedTenant): Promise<void> {
  const { name, namespace } = (await tenant.pod()).metadata as { name: string; namespace: string }
  await cluster.admin.core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } })
}

const middle = (sorted: number[]) => sorted[Math.floor(sorted.length / 2)]
const secondsSince = (time: number) => ((performance.now() - time) / 1000).toFixed(1)
