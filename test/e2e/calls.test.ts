/** What each operation costs the API server: no more than docs/explanation/performance.md says, whose table this reads. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Api, until } from '../helpers/api.ts'
import { between, type Calls, callsOf, sums } from '../helpers/call-count.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serveResizes, tenantAt } from '../helpers/resized-tenant.ts'
import { newUserId, recordOf } from '../helpers/tenant-objects.ts'

const ROW = /^\| ([^|]+?) +\| +(\d+) +\| +(\d+) +\|/
const BUDGET = new Map(
  readFileSync(new URL('../../docs/explanation/performance.md', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => ROW.exec(line))
    .filter((found) => found !== null)
    .map(([, what, writes, reads]) => [what!, { writes: Number(writes), reads: Number(reads) }]),
)
/** When nothing has been called for so long, nothing more comes of an operation that is over. */
const QUIET_MS = 1500

const cluster = await testCluster()

t.test('no operation calls the API server more often than it may', { skip: withoutPods(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  await warmUp(api)
  const userId = newUserId(t, cluster, 'calls')
  const tenant = tenantAt(cluster, api, userId)
  const path = `/tenants/${userId}`

  async function costs(what: string, work: () => Promise<unknown>): Promise<void> {
    const before = await callsOf(api)
    await work()
    let made = between(before, await callsOf(api))
    for (let last: Calls | undefined; `${[...made]}` !== `${last && [...last]}`; ) {
      last = made
      await sleep(QUIET_MS)
      made = between(before, await callsOf(api))
    }
    const { reads, writes } = sums(made)
    const budget = BUDGET.get(what)
    const shown = [...made].map(([name, count]) => `${count} ${name}`).join(', ')
    t.comment(`${what}: ${writes} writes, ${reads} reads: ${shown}`)
    t.ok(budget && reads <= budget.reads && writes <= budget.writes, `${what}: ${writes} writes, ${reads} reads`, {
      budget,
      made: shown,
    })
  }

  const operation =
    (method: string, at = '', body?: object) =>
    async () => {
      const answer = await api(method, `${path}${at}`, body)
      t.equal(answer.status, 202, JSON.stringify(answer.body))
      await until(
        `${method} ${at} is over`,
        async () => (await recordOf(cluster, userId)).operation.state === 'succeeded',
      )
    }

  const create = (userId: string) => async () => {
    t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: tenant.key })).status, 202)
    await until('it is there', async () => (await recordOf(cluster, userId)).operation.state === 'succeeded')
  }
  await costs('create', create(userId))
  await costs('create of the same within a minute', create(newUserId(t, cluster, 'calls-again')))
  await costs('resize in place', operation('PATCH', '/ram', { ramSize: '192Mi' }))
  await costs('resize by restart', operation('PATCH', '/ram', { ramSize: '256Mi', strategy: 'restart' }))
  await costs('update of a label', operation('PATCH', '', { options: { labels: { team: 'a' } } }))
  await costs('restart', operation('POST', '/restart'))
  await costs('rotation of the key', operation('POST', '/rotate-key', { apiKey: `${tenant.key}2` }))
  await costs('suspend', operation('POST', '/suspend'))
  await costs('resume', operation('POST', '/resume'))
  await costs('GET of a tenant', async () => t.equal((await api('GET', path)).status, 200))
  await costs('list', async () => t.equal((await api('GET', '/tenants')).status, 200))
  await costs('delete', operation('DELETE'))
  await costs('undelete', operation('POST', '/undelete'))
  await costs('purge', async () => {
    t.equal((await api('DELETE', `${path}?purge=true`)).status, 202)
    await until('it is gone', async () =>
      (await api('GET', '/tenants')).body.items.every((one: { userId: string }) => one.userId !== userId),
    )
  })
})

/** What a process asks once: who it is, what it may, what the cluster can do. */
async function warmUp(api: Api): Promise<void> {
  await until('it is ready', async () => (await api('GET', '/readyz')).status === 200)
  await api('POST', '/tenants', { userId: newUserId(t, cluster, 'first'), ramSize: '160Mi' }, { prefer: 'wait=60' })
}

t.test('a tenant that waits for its image costs nothing, nor does one that idles', async (t) => {
  const { api } = await serveResizes(t, cluster, { IMAGE: 'example.invalid/nothing:1' })
  const userId = newUserId(t, cluster, 'waits')
  t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi' })).status, 202)
  await sleep(20_000)
  const before = await callsOf(api)
  await sleep(60_000)
  t.same([...between(before, await callsOf(api))], [], 'nor does anything else')
})
