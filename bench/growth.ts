/**
 * How this service does as its fleet grows: tenants with all their objects on a control plane of this machine, on simulated nodes,
 * beside a bare loop of the same writes. Then the same with tenants that wait for a node.
 * npm run bench:growth -- [--tenants 100,1000,10000] [--waiting 500] [--json FILE] [--svg FILE]
 */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { down, up } from '../tools/local-cluster/cluster.ts'
import { withProgress } from '../tools/local-cluster/progress.ts'
import { addSimulatedNodes } from '../tools/local-cluster/simulated-nodes.ts'
import { drawGrowth } from './draw-growth.ts'
import { Fleet } from './growth/fleet.ts'
import { FIGURES, type Figure, type Level } from './growth/level.ts'

const { values } = parseArgs({
  options: {
    tenants: { type: 'string', default: '100,1000,10000' },
    waiting: { type: 'string', default: '500' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const NAME = 'bench-growth'
/** Each takes 2,000 pods. */
const NODES = 10

process.env.LOCAL_CLUSTER = 'control-plane'
const cluster = await withProgress((report) => up({ name: NAME, report }))
const levels: Level[] = []
try {
  await withProgress((report) => addSimulatedNodes(cluster, NODES, report))
  const fleet = await Fleet.start(cluster, await mkdtemp(join(tmpdir(), 'growth-')))
  try {
    const sizes = values.tenants.split(',').map(Number)
    for (const tenants of sizes) {
      await fleet.growTo(tenants)
      await keep(await fleet.measure(`${tenants}`))
    }
    await fleet.addWaiting(Number(values.waiting))
    await keep(await fleet.measure(`${sizes.at(-1)}, and ${values.waiting} that wait`))
  } finally {
    await fleet.stop()
  }
} finally {
  await withProgress((report) => down({ name: NAME, report }))
}

/** At once, as a run takes long. */
async function keep(level: Level): Promise<void> {
  levels.push(level)
  const row = (figure: Figure) => Object.fromEntries(levels.map((one) => [one.tenants, one[figure]]))
  console.table(Object.fromEntries(FIGURES.map((figure) => [figure, row(figure)])))
  if (values.json) await writeFile(values.json, `${JSON.stringify(levels, null, 2)}\n`)
  if (values.svg) await writeFile(values.svg, drawGrowth(levels))
}
