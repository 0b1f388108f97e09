/** The bill of a tenant, from what its changes said at the time, across a restart of the service and a purge. */
import t from 'tap'
import { ACCOUNT } from '../../tools/service-account.ts'
import { type Api, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, untilComplete } from '../helpers/tenant-objects.ts'

const HOUR = 3_600_000
const cluster = await testCluster()
const { core } = cluster.admin
const userId = newUserId(t, cluster, 'billed')
const path = `/tenants/${userId}`

/** Changes the tenant. @returns when that was accepted (ms) */
async function change(api: Api, method: string, url: string, body?: object): Promise<number> {
  const answer = await api(method, url, body)
  t.equal(answer.status, 202, JSON.stringify(answer.body))
  return Date.parse(answer.body.operation.startedAt)
}

async function billed(api: Api, from: number, to: number) {
  const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`
  const rows: { userId: string }[] = []
  for (let cursor = ''; ; ) {
    const { status, body } = await api('GET', `/usage?${span}&cursor=${cursor}`)
    t.equal(status, 200, JSON.stringify(body))
    rows.push(...body.items)
    if (body.nextCursor === null) return rows.filter((row) => row.userId === userId)
    cursor = body.nextCursor
  }
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6

t.test('is what it was given, whatever became of the service and of the tenant', async (t) => {
  const first = await serve(t, cluster)
  const created = await change(first.api, 'POST', '/tenants', { userId, ramSize: '1Gi' })
  await untilComplete(cluster, userId)
  const resized = await change(first.api, 'PATCH', `${path}/ram`, { ramSize: '2Gi' })
  await first.stop()
  const { api } = await serve(t, cluster)
  const suspended = await change(api, 'POST', `${path}/suspend`)
  const resumed = await change(api, 'POST', `${path}/resume`)
  const deleted = await change(api, 'DELETE', path)
  const purged = await change(api, 'DELETE', `${path}?purge=true`)

  const ran = resized - created + 2 * (suspended - resized + (deleted - resumed))
  const expected = {
    userId,
    ramGibHours: rounded(ran / HOUR),
    storageGibHours: rounded((2 * (resized - created) + 4 * (purged - resized)) / HOUR),
    runningHours: rounded((suspended - created + (deleted - resumed)) / HOUR),
    since: new Date(created).toISOString(),
  }
  t.match(await billed(api, created - HOUR, Date.now()), [expected])
  await until('it is gone', async () => (await api('GET', path)).status === 404, 120)
  t.strictSame(await billed(api, created - HOUR, Date.now()), [{ ...expected, purged: true }])
  t.match(await billed(api, resized, suspended), [{ ramGibHours: rounded((2 * (suspended - resized)) / HOUR) }])
  t.strictSame(await billed(api, purged, Date.now()), [])

  const labelSelector = `fluxiondb.com/usage-of=${userId}`
  t.equal((await core.listNamespacedConfigMap({ namespace: ACCOUNT, labelSelector })).items.length, 1)
  const csv = await api('GET', `/usage.csv?from=${new Date(created - HOUR).toISOString()}`)
  t.match(csv.body, new RegExp(`^${userId},.*,${expected.ramGibHours},.*,true$`, 'm'))
})
