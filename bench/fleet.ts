/**
 * What one process of the service does with many tenants that are as they shall be: how soon it is ready, how much memory it takes, and
 * how fast it reads, beside a bare Fastify route that answers the same bytes. The API server is simulated.
 * node bench/fleet.ts [--tenants 1000,10000] [--json FILE]
 */
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startService } from '../tools/service.ts'
import { startBareRoutes } from './bare-routes.ts'
import { startSimulatedApiServer } from './simulated-api-server.ts'
import { openStreams, STREAMS } from './streams.ts'

const { values } = parseArgs({
  options: { tenants: { type: 'string', default: '100,1000,10000' }, json: { type: 'string' } },
})
const MiB = 1024 * 1024
const REQUESTS = 300
const IN_PARALLEL = 8
/** What Node takes by itself in a container with the chart's limit of 512Mi. */
const AS_IN_THE_CHART = '--max-old-space-size=256 --max-semi-space-size=2'
/** Two rounds of the resync. */
const IDLE_MS = 65_000

const results: Record<string, Record<string, number>> = {}
for (const tenants of values.tenants.split(',').map(Number)) {
  console.log(`${tenants} tenants ...`)
  results[tenants] = await measure(tenants)
  console.table(results)
}
if (values.json) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`)

async function measure(tenants: number): Promise<Record<string, number>> {
  const cluster = await startSimulatedApiServer(tenants)
  const kubeconfig = join(tmpdir(), `fleet-${process.pid}.json`)
  await writeFile(kubeconfig, kubeconfigOf(cluster.url))
  const startedAt = performance.now()
  const NODE_OPTIONS = process.env.SERVICE_NODE_OPTIONS ?? AS_IN_THE_CHART
  const service = await startService({ KUBECONFIG: kubeconfig, REQUESTS_PER_MINUTE: '0', NODE_OPTIONS })
  try {
    const get = async (path: string) => {
      const answer = await fetch(service.address + path, { headers: { authorization: `Bearer ${service.key}` } })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
      return text
    }
    while ((await fetch(`${service.address}/readyz`)).status !== 200) await sleep(20)
    const readySeconds = (performance.now() - startedAt) / 1000
    // It begins a moment after the watches are complete.
    for (let still = 0; still < 6; still = (await hasLookedAtAll(get)) ? still + 1 : 0) await sleep(500)
    const lookedSeconds = (performance.now() - startedAt) / 1000
    const lastId = `tenant-${String(tenants - 1).padStart(6, '0')}`
    const before = Buffer.from(`tenant-${String(Math.max(0, tenants - 101)).padStart(6, '0')}`).toString('base64url')
    const paths = {
      list: `/tenants?limit=100&cursor=${before}`,
      listByState: '/tenants?limit=100&state=failed',
      get: `/tenants/${lastId}`,
      metrics: '/metrics',
    }
    const ratesOf: Record<string, number> = {}
    for (const [name, path] of Object.entries(paths)) {
      const bare = await startBareRoutes(await get(path))
      const alone = await times(1, () => get(path), 20)
      ratesOf[`${name} p50 ms`] = alone.sort((a, b) => a - b)[10]!
      const ours = await rate(() => get(path))
      const plain = await rate(() => fetch(bare.address, bare.init).then((answer) => answer.text()))
      ratesOf[`${name} vs bare`] = ours / plain
      await bare.close()
    }
    const calls = sum(cluster.calls)
    await sleep(IDLE_MS)
    const residentWithout = await residentMiB(service.process.pid!)
    const beforeStreams = await get('/metrics')
    const heap = Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(beforeStreams)?.[1]) / MiB
    const idleCalls = sum(cluster.calls) - calls
    const openedAt = performance.now()
    const streams = await openStreams(service.address, service.key)
    const toldSeconds = (performance.now() - openedAt) / 1000
    const withStreams = await get('/metrics')
    const residentWith = await residentMiB(service.process.pid!)
    streams.close()
    return rounded({
      'ready s': readySeconds,
      'looked at all s': lookedSeconds,
      ...ratesOf,
      'resident MiB': residentWithout,
      'heap MiB': heap,
      'longest stall ms': longestStall(beforeStreams),
      'calls in a minute': idleCalls,
      [`${STREAMS} streams: all told s`]: toldSeconds,
      [`${STREAMS} streams: resident MiB`]: residentWith,
      [`${STREAMS} streams: longest stall ms`]: longestStall(withStreams),
    })
  } finally {
    await service.stop()
    cluster.close()
  }
}

/** When a replica begins to lead it holds every tenant against its record. */
async function hasLookedAtAll(get: (path: string) => Promise<string>): Promise<boolean> {
  const depths = (await get('/metrics')).matchAll(/^fluxiondb_provisioner_queue_depth\{.*\} (\d+)$/gm)
  return [...depths].every(([, depth]) => depth === '0')
}

async function rate(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await times(IN_PARALLEL, work, REQUESTS)
  return REQUESTS / (performance.now() - startedAt)
}

async function times(inParallel: number, work: () => Promise<unknown>, count: number): Promise<number[]> {
  const taken: number[] = []
  let left = count
  const one = async () => {
    while (left-- > 0) {
      const startedAt = performance.now()
      await work()
      taken.push(performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: inParallel }, one))
  return taken
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / MiB
}

/** Of the last seconds, as the default metrics of the process tell. */
function longestStall(metrics: string): number {
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(metrics)?.[1]) * 1000
}

function sum(calls: Map<string, number>): number {
  const isOfProcess = (name: string) => /version$|accessreviews$|v1$/.test(name)
  return [...calls].reduce((sum, [name, count]) => (isOfProcess(name) ? sum : sum + count), 0)
}

function rounded(figures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value * 100) / 100]))
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fleet',
    contexts: [{ name: 'fleet', context: { cluster: 'fleet', user: 'fleet' } }],
    clusters: [{ name: 'fleet', cluster: { server } }],
    users: [{ name: 'fleet', user: { token: 'simulated' } }],
  })
}
