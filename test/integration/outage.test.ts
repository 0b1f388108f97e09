/** The API server is gone, or hangs: the service says so, stays up, and goes on by itself when it is back. */
import t, { type Test } from 'tap'
import { down, restart, stop } from '../../tools/local-cluster/cluster.ts'
import { type Api, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, untilComplete } from '../helpers/tenant-objects.ts'

const API_SERVER = 'kube-apiserver'
/** Deadline of the service's calls, and what an answer may take beyond it on a busy machine. */
const TIMEOUT_SECONDS = 2
const SLACK_MS = 3000
const settings = {
  KUBERNETES_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
  KUBERNETES_WRITE_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
}

const { kind, name } = await testCluster()
const isOwn = kind === 'node' || kind === 'control-plane'
const options = { skip: isOwn ? false : `the API server of a ${kind} cluster cannot be stopped` }
let cluster = await testCluster(isOwn ? ownCluster() : name)

/** The other tests need theirs. Without a node, as no pod is needed. */
function ownCluster(): string {
  process.env.LOCAL_CLUSTER = 'control-plane'
  t.teardown(() => down({ name: `${name}-outage`, report: () => {} }))
  return `${name}-outage`
}

async function start(): Promise<void> {
  cluster = { ...cluster, ...(await restart(cluster, API_SERVER)) }
}

const tell = (signal: NodeJS.Signals) => async () => void process.kill(cluster.processes[API_SERVER]!, signal)

t.test('an outage of the API server is survived', options, async (t) => {
  const { api, process: child } = await serve(t, cluster, settings)
  await until('it has begun', async () => (await api('GET', '/readyz')).status === 200)
  await t.test('when it is stopped', (t) => survives(t, api, () => stop(cluster, API_SERVER), start))
  await t.test('when it hangs', (t) => survives(t, api, tell('SIGSTOP'), tell('SIGCONT')))
  t.equal(child.exitCode ?? child.signalCode, null, 'it is still the same process')
})

t.test('a service that is started without an API server is ready when it has found it', options, async (t) => {
  await stop(cluster, API_SERVER)
  const { api } = await serve(t, cluster, settings)
  const before = await api('GET', '/readyz')
  t.match([before.status, before.body.status, before.body.cluster.reachable], [503, 'starting', false])
  t.equal((await api('GET', '/livez')).status, 200)
  const list = await api('GET', '/tenants')
  t.match([list.status, list.body.code, list.headers.has('retry-after')], [503, 'not-ready', true])

  await start()
  await until('it is ready', async () => (await api('GET', '/readyz')).status === 200, 15)
  await createsAndLists(t, api)
})

async function survives(t: Test, api: Api, begin: () => Promise<void>, end: () => Promise<void>): Promise<void> {
  const create = (userId: string) => api('POST', '/tenants', { userId, ramSize: '128Mi' })
  const [existing, promised, refused] = ['before', 'promised', 'refused'].map((id) => newUserId(t, cluster, id))
  t.equal((await create(existing!)).status, 202)
  await untilComplete(cluster, existing!)
  t.equal((await create(promised!)).status, 202)

  await begin()
  try {
    await until('the outage is noticed', async () => !(await api('GET', '/readyz')).body.cluster.reachable, 15)
    const ready = await api('GET', '/readyz')
    t.match([ready.status, ready.body.status], [200, 'ready'], 'it keeps its place behind its address')
    t.ok(ready.body.cluster.reason, 'and says what is wrong')
    t.equal((await api('GET', '/livez')).status, 200)
    t.match((await api('GET', '/metrics')).body, /^fluxiondb_provisioner_cluster_reachable 0$/m)
    await isUnavailable(t, api, existing!, refused!)
  } finally {
    await end()
  }

  await untilComplete(cluster, promised!)
  t.pass('what had been promised is kept')
  await createsAndLists(t, api)
  await until('the refused create is accepted now', async () => (await create(refused!)).status === 202, 15)
  await untilComplete(cluster, refused!)
}

/** Whatever needs the cluster is told, within the deadline, to try again. */
async function isUnavailable(t: Test, api: Api, existing: string, refused: string): Promise<void> {
  const requests: [method: string, path: string, body?: object][] = [
    ['GET', '/tenants'],
    ['GET', `/tenants/${existing}`],
    ['GET', `/tenants/${existing}/operations`],
    ['POST', '/tenants', { userId: refused, ramSize: '128Mi' }],
    ['PATCH', `/tenants/${existing}/ram`, { ramSize: '256Mi' }],
    ['DELETE', `/tenants/${existing}`],
    ['POST', `/tenants/${existing}/undelete`],
  ]
  const asked = Date.now()
  const took: Record<string, number> = {}
  const ask = async (request: (typeof requests)[number]) => {
    const answer = await api(...request)
    took[`${request[0]} ${request[1]}`] = Date.now() - asked
    return answer
  }
  const answers = await Promise.all(requests.map(ask))
  const late = Object.entries(took).filter(([, ms]) => ms >= TIMEOUT_SECONDS * 1000 + SLACK_MS)
  t.strictSame(late, [], 'all are answered in time')
  for (const [index, { status, body, headers }] of answers.entries()) {
    const [method, path] = requests[index]!
    t.match([status, body.code, body.retryable], [503, 'cluster-unavailable', true], `${method} ${path}`)
    t.ok(Number(headers.get('retry-after')) > 0, `${method} ${path} is told when to try again`)
  }
}

/** A create is carried out, and the watches see it: without them a list stays as it was. */
async function createsAndLists(t: Test, api: Api): Promise<void> {
  const body = { userId: newUserId(t, cluster, 'after'), ramSize: '128Mi' }
  await until('the cluster is used again', async () => (await api('POST', '/tenants', body)).status === 202, 15)
  await untilComplete(cluster, body.userId)
  const isListed = async () => {
    const { status, body: page } = await api('GET', '/tenants')
    return status === 200 && page.items.some(({ userId }: { userId: string }) => userId === body.userId)
  }
  await until('the new tenant is listed', isListed, 15)
  t.pass('new tenants are made and listed')
}
