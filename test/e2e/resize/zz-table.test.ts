/** The last of these files: what was said of every change in them, before and afterwards, and what happened. */
import t from 'tap'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { type Disrupted, recordedDisruptions } from '../../helpers/disruptions.ts'

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
  t.strictSame([...new Set(changes.map(({ file }) => file))].sort(), FILES, 'all files are in the table')
  t.ok(changes.some(({ planned }) => planned === 'none') && changes.some(({ planned }) => planned === 'restart'))
  t.strictSame(
    changes.filter((change) => change.planned !== change.true || change.told !== change.true),
    [],
    `planned, told and true are the same in all ${changes.length}`,
  )
})

/** A line for each file and each combination of the three. */
function tableOf(changes: Disrupted[]): string[] {
  const keyOf = (one: Disrupted) => [one.file, one.planned, String(one.told), one.true].map((cell) => cell.padEnd(16))
  const counts = Object.entries(Object.groupBy(changes, (change) => keyOf(change).join('')))
  const head = ['file', 'planned', 'told', 'true'].map((cell) => cell.padEnd(16)).join('')
  return [`${head}changes`, ...counts.map(([key, group]) => `${key}${group!.length}`).sort()]
}
