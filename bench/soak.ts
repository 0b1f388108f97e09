/**
 * Customers who change their tenants in every way for half an hour, on a real node, while the API server is gone for a minute. Tells how
 * much memory the service takes over time, what failed, and whether all that was acknowledged holds in the end.
 * npm run bench:soak -- [--minutes 30] [--customers 10] [--json FILE] [--svg FILE]
 */
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { testCluster } from '../test/helpers/cluster.ts'
import { serveResizes } from '../test/helpers/resized-tenant.ts'
import { down } from '../tools/local-cluster/cluster.ts'
import { drawMemory } from './draw-memory.ts'
import { quantile, rounded } from './figures.ts'
import { asking } from './soak/asking.ts'
import { customer } from './soak/customer.ts'
import { sampling } from './soak/samples.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    customers: { type: 'string', default: '10' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const NAME = 'soak'
/** What Node takes by itself in a container with the chart's limit of 512Mi. */
const AS_IN_THE_CHART = '--max-old-space-size=256 --max-semi-space-size=2'
const MINUTE_MS = 60_000
const lastsMs = Number(values.minutes) * MINUTE_MS

const cluster = await testCluster(NAME)
const endings: (() => unknown)[] = []
try {
  const run = { teardown: (end: () => unknown) => void endings.unshift(end) }
  const service = await serveResizes(run, cluster, { REQUESTS_PER_MINUTE: '0', NODE_OPTIONS: AS_IN_THE_CHART })
  const asked = asking(service.api)
  const customers = Array.from({ length: Number(values.customers) }, (_, index) =>
    customer(cluster, asked, `soak-${index}`),
  )
  let isOver = false
  const { samples, stop } = sampling(service.process.pid!, asked)
  const work = Promise.all(customers.map((one) => one.untilStopped(() => isOver)))
  await sleep(lastsMs / 2)
  const outage = { from: samples.at(-1)!.seconds, to: 0 }
  process.kill(cluster.processes['kube-apiserver']!, 'SIGSTOP')
  await sleep(MINUTE_MS)
  process.kill(cluster.processes['kube-apiserver']!, 'SIGCONT')
  outage.to = samples.at(-1)!.seconds
  await sleep(Math.max(0, lastsMs / 2 - MINUTE_MS))
  isOver = true
  await work
  stop()

  const lost = (await Promise.all(customers.map((one) => one.whatIsLost()))).flat()
  const failures = customers.flatMap((one) => one.failures)
  const third = samples.slice(Math.floor(samples.length / 3), Math.floor((samples.length * 2) / 3))
  const last = samples.slice(Math.floor((samples.length * 2) / 3))
  const figures = rounded({
    minutes: Number(values.minutes),
    customers: customers.length,
    ...asked.counts,
    'request p50 (ms)': quantile(asked.latencies),
    'request p99 (ms)': quantile(asked.latencies, 0.99),
    'memory in the second third (MiB, p50)': quantile(third.map(({ memory }) => memory)),
    'memory in the last third (MiB, p50)': quantile(last.map(({ memory }) => memory)),
    'failed requests and operations': failures.length,
    'acknowledged and lost': lost.length,
  })
  console.table(figures)
  for (const line of [...failures, ...lost]) console.log(line)
  if (values.json)
    await writeFile(values.json, `${JSON.stringify({ figures, outage, failures, lost, samples }, null, 1)}\n`)
  if (values.svg) await writeFile(values.svg, drawMemory(samples, outage))
  process.exitCode = failures.length + lost.length > 0 ? 1 : 0
} finally {
  for (const end of endings) await end()
  await down({ name: NAME, report: () => {} })
}
