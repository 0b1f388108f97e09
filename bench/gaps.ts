/**
 * Draws docs/resize-gaps.svg: how long a client that inserts every 5 ms waits for acknowledgements while its database is given
 * more RAM in place, less RAM in place, and more RAM by a restart. Run on a machine with nothing else to do:
 * npm run bench:gaps
 */
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { testCluster } from '../test/helpers/cluster.ts'
import { createTenant, type ResizeRequest, serveResizes } from '../test/helpers/resized-tenant.ts'
import { draw, type Row } from './draw-gaps.ts'
import { insertThrough } from './inserting-through.ts'

/** As tenants have it by default: a restart takes this and five seconds. */
const FLUSH_INTERVAL_SECONDS = '15'
const BEFORE_MS = 5_000
const AFTER_MS = 10_000

const CHANGES: { title: string; from: string; request: ResizeRequest }[] = [
  { title: 'in place, 512Mi to 1Gi', from: '512Mi', request: { ramSize: '1Gi' } },
  { title: 'in place, 1Gi to 768Mi', from: '1Gi', request: { ramSize: '768Mi' } },
  { title: 'by a restart, 512Mi to 1Gi', from: '512Mi', request: { ramSize: '1Gi', strategy: 'restart' } },
]

const cluster = await testCluster()
const endings: (() => unknown)[] = []
const run = { teardown: (end: () => unknown) => void endings.unshift(end) }
try {
  const { api } = await serveResizes(run, cluster, { FLUSH_INTERVAL_SECONDS })
  const rows: Row[] = []
  for (const { title, from, request } of CHANGES) {
    console.log(title)
    const tenant = await createTenant(run, cluster, api, 'gaps', from)
    const client = await insertThrough(tenant)
    await sleep(BEFORE_MS)
    const changedAt = performance.now()
    const { body } = await tenant.send(request)
    const operation = await tenant.ended(body.operation.id)
    if (operation.state !== 'succeeded') throw new Error(`${title}: ${operation.failure?.message}`)
    const endedAt = performance.now()
    await sleep(AFTER_MS)
    const { acknowledged, connections } = await client.stop()
    const start = changedAt - BEFORE_MS
    const times = acknowledged.map((time) => time - start).filter((time) => time >= 0)
    rows.push({ title, times, connections, changedAt: BEFORE_MS, endedAt: endedAt - start })
  }
  const file = new URL('../docs/resize-gaps.svg', import.meta.url)
  await writeFile(file, draw(rows))
  console.log(`wrote ${file.pathname}`)
} finally {
  for (const end of endings) await end()
}
