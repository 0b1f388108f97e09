/**
 * Measures this service beside what a user would run instead, in one run, in rotated order, on a control plane of this machine: the
 * bare calls, a bare loop of the same writes, kubectl, and helm with the instance chart. Changes of RAM on a real node.
 * npm run bench -- [--quick] [--rounds 5] [--json FILE] [--svg FILE]
 */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { creates } from './compare/creates.ts'
import { deletes } from './compare/deletes.ts'
import { looks } from './compare/looks.ts'
import { memoryOf } from './compare/processes.ts'
import { resizes } from './compare/resizes.ts'
import { onStage } from './compare/stage.ts'
import { drawCreates } from './draw-creates.ts'
import { rounded } from './figures.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
})
const sizes = values.quick
  ? { rounds: Number(values.rounds ?? 3), alone: 8, together: 16, waiting: 100, resizes: 6 }
  : { rounds: Number(values.rounds ?? 5), alone: 20, together: 64, waiting: 500, resizes: 20 }
const folder = await mkdtemp(join(tmpdir(), 'bench-'))

const { created, looked, deleted, memory } = await onStage(folder, async (stage) => {
  const created = await creates(stage, sizes)
  console.table(created.rows)
  const looked = await looks(stage, sizes)
  console.table(looked.gets)
  console.table(looked.lists)
  const deleted = await deletes(stage, sizes)
  console.table(deleted.rows)
  const memory = await memoryOf(stage.processes)
  console.table(memory)
  return { created, looked, deleted, memory }
})
const resized = await resizes(sizes, folder)
const ratios = rounded({ ...created.ratios, ...resized.ratios, ...looked.ratios, ...deleted.ratios })
console.log('\nratios')
console.table(ratios)
if (values.json) {
  const { gets, lists } = looked
  const raw = { sizes, ratios, memory, rows: created.rows, gets, lists, deletes: deleted.rows, resizes: resized.rows }
  await writeFile(values.json, `${JSON.stringify(raw, null, 2)}\n`)
  console.log(`wrote ${values.json}`)
}
if (values.svg) {
  await writeFile(values.svg, drawCreates(created.bars))
  console.log(`wrote ${values.svg}`)
}
