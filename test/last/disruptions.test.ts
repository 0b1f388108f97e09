/** Runs after all other files: what was said of every change in them, before and afterwards, and what happened. */
import t from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { type Disrupted, recordedDisruptions } from '../helpers/disruptions.ts'

const FILES = [
  'after',
  'guards',
  'in-place',
  'killed',
  'lifecycle',
  'many',
  'nodes',
  'rivals',
  'usage',
  'volumes',
  'without-resize',
]

const cluster = await testCluster()

t.test('every change disrupted as its plan and its operation say', { skip: withoutResize(cluster) }, async (t) => {
  const changes = await recordedDisruptions()
  for (const line of tableOf(changes)) t.comment(line)
  const files = [...new Set(changes.map(({ file }) => file))]
  for (const file of FILES) t.ok(files.includes(`resize/${file}`), `${file} is in the table`)
  t.ok(changes.some(({ planned }) => planned === 'none') && changes.some(({ planned }) => planned === 'restart'))
  t.strictSame(
    changes.filter((change) => change.planned !== change.true || change.told !== change.true),
    [],
    `planned, told and true are the same in all ${changes.length}`,
  )
})

/** A line for each file and each combination of the three. */
function tableOf(changes: Disrupted[]): string[] {
  const keyOf = (one: Disrupted) => [
    one.file.padEnd(24),
    ...[one.planned, String(one.told), one.true].map((cell) => cell.padEnd(10)),
  ]
  const counts = Object.entries(Object.groupBy(changes, (change) => keyOf(change).join('')))
  const head = ['file'.padEnd(24), ...['planned', 'told', 'true'].map((cell) => cell.padEnd(10))].join('')
  return [`${head}changes`, ...counts.map(([key, group]) => `${key}${group!.length}`).sort()]
}
