/**
 * Writes at a steady rate while the API server is restarted three times and one of two replicas is killed every minute: each write
 * that was acknowledged is there once, and no database was restarted. Ten minutes, so only by `npm run test:faults`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { newCredential } from '../../src/credentials/credential.ts'
import { restart, stop } from '../../tools/local-cluster/cluster.ts'
import { type Answer, type Api, apiOf, until } from '../helpers/api.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { createTenant, type DatabaseRun, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'
import { WHOLE } from '../helpers/whole.ts'

const MINUTES = Number(process.env.LOAD_MINUTES ?? 10)
const TENANTS = 12
const EVERY_MS = 500
/** Every so many writes one is a create. */
const CREATES = 40
const SIZES = ['128Mi', '192Mi'] as const
/** Parts of the time after which the API server is restarted. */
const OUTAGES = [0.2, 0.5, 0.8]
const DOWN_MS = 5000
const API_SERVER = 'kube-apiserver'
const LEASE = 'fluxiondb-provisioner/fluxiondb-provisioner'

let cluster = await testCluster()
const isOwn = cluster.kind === 'node'
const skip = WHOLE
  ? withoutResize(cluster) || (isOwn ? false : 'the API server of this cluster cannot be restarted')
  : 'it takes ten minutes: npm run test:faults'

/** What was acknowledged for one tenant. */
type Ledger = { operations: string[]; seq: string | undefined; ramSize: string }

t.test('what is acknowledged is there, once, whatever fails meanwhile', { skip, timeout: 3_600_000 }, async (t) => {
  const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })
  const replica = () => serveResizes(t, cluster, { LEASE }, { credentials: [entry] })
  const replicas = [await replica(), await replica()]
  const api: Api = (...request) => apiOf(replicas[Math.floor(Math.random() * 2)]!, key)(...request)
  await until('they know the cluster', async () => (await replicas[1]!.api('GET', '/readyz')).status === 200)

  const names = Array.from({ length: TENANTS }, (_, index) => `load-${index}`)
  const tenants = await Promise.all(names.map((name) => createTenant(t, cluster, api, name, SIZES[0])))
  const before = new Map<string, DatabaseRun[]>()
  const ledgers = new Map<string, Ledger>()
  for (const tenant of tenants) {
    before.set(tenant.userId, await tenant.runs())
    ledgers.set(tenant.userId, { operations: [], seq: undefined, ramSize: SIZES[0] })
  }
  const created: string[] = []
  const wrong: string[] = []

  const end = Date.now() + MINUTES * 60_000
  const faults = Promise.all([killReplicas(), restartApiServer()])
  const writes: Promise<void>[] = []
  const idle = [...tenants]
  for (let number = 1; Date.now() < end; number++) {
    const paced = sleep(EVERY_MS)
    const tenant = idle.shift()
    if (number % CREATES === 0) writes.push(create())
    else if (tenant) writes.push(change(tenant.userId, number).finally(() => idle.push(tenant)))
    await paced
  }
  await Promise.all([...writes, faults])
  t.comment(`${writes.length} writes in ${MINUTES} minutes, ${created.length} of them creates`)

  t.same(wrong, [], 'every write is acknowledged in the end, and means what it says')
  for (const tenant of tenants) {
    const ledger = ledgers.get(tenant.userId)!
    const current = tenantAt(cluster, api, tenant.userId)
    const live = await until(
      `${tenant.userId} is at rest`,
      async () => {
        const found = await current.get()
        return found.state === 'active' && found.operation.state !== 'running' && found
      },
      240,
    )
    t.equal(live.options.labels.seq, ledger.seq, `${tenant.userId} has the last label that was acknowledged`)
    t.equal(live.desired.ramSize, ledger.ramSize, 'and the last size')
    t.equal(live.actual.ramSize, ledger.ramSize, 'which is in force')
    t.equal(new Set(ledger.operations).size, ledger.operations.length, 'no two writes were taken for one')
    const ids = (await current.operations()).map(({ id }) => id)
    t.equal(new Set(ids).size, ids.length)
    const others = ids.filter((id) => !ledger.operations.includes(id))
    t.ok(others.length <= 1, 'none was done twice: only the create is not of this list')
    t.ok(ids.includes(ledger.operations.at(-1)!), 'the last one is in the history')
    t.strictSame(await current.runs(), before.get(tenant.userId), 'and its database was never restarted')
  }
  for (const userId of created) {
    const { status } = await until(
      `${userId} is there`,
      async () => {
        const answer = await api('GET', `/tenants/${userId}`)
        return answer.status === 200 && answer.body.state === 'active' && answer
      },
      240,
    )
    t.equal(status, 200)
  }

  async function insist(method: string, path: string, body: object, idempotencyKey: string): Promise<Answer> {
    for (;;) {
      const answer = await api(method, path, body, { 'idempotency-key': idempotencyKey }).catch(() => undefined)
      if (answer && answer.status < 500 && answer.status !== 429) return answer
      await sleep(500)
    }
  }

  async function change(userId: string, number: number): Promise<void> {
    const ledger = ledgers.get(userId)!
    const seq = `n${number}`
    const ramSize = number % 3 === 0 ? SIZES[number % 2]! : ledger.ramSize
    const body = { ramSize, options: { labels: { seq } } }
    const answer = await insist('PATCH', `/tenants/${userId}`, body, `${userId}-${number}`)
    if (answer.status >= 300) return void wrong.push(`${userId}: ${answer.status} ${JSON.stringify(answer.body)}`)
    ledger.operations.push(answer.body.operation.id)
    Object.assign(ledger, { seq, ramSize })
  }

  async function create(): Promise<void> {
    const userId = newUserId(t, cluster, 'loaded')
    const answer = await insist('POST', '/tenants', { userId, ramSize: '128Mi' }, userId)
    if (answer.status >= 300) return void wrong.push(`${userId}: ${answer.status} ${JSON.stringify(answer.body)}`)
    created.push(userId)
  }

  async function killReplicas(): Promise<void> {
    for (let turn = 0; Date.now() + 60_000 < end; turn++) {
      await sleep(60_000)
      await replicas[turn % 2]!.stop('SIGKILL')
      await sleep(DOWN_MS)
      replicas[turn % 2] = await replica()
      t.comment(`replica ${turn % 2} was killed`)
    }
  }

  async function restartApiServer(): Promise<void> {
    const begun = Date.now()
    for (const part of OUTAGES) {
      await sleep(Math.max(0, begun + part * MINUTES * 60_000 - Date.now()))
      await stop(cluster, API_SERVER)
      await sleep(DOWN_MS)
      cluster = { ...cluster, ...(await restart(cluster, API_SERVER)) }
      t.comment('the API server was restarted')
    }
  }
})
