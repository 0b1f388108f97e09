import { quantile } from '../figures.ts'
import { purgeOne } from './create-one.ts'
import { groupOf } from './creates.ts'
import { Rows } from './rows.ts'
import { AT_ONCE, countOf, nameOf, type Sizes, type Stage } from './stage.ts'

/** One after another, of each contender: a namespace takes seconds to go, whoever deletes it. */
const ALONE = 4

/** Deletes of what the first round has created, with all data, until they are promised and until nothing is left. */
export async function deletes({ ours, bare, keepers, gone, processes }: Stage, sizes: Sizes) {
  const rows = new Rows(processes, { done: 'gone', one: 'tenants' })
  for (const one of keepers) {
    console.log(`deletes: ${one.name}`)
    for (const atOnce of AT_ONCE) {
      const created = countOf(one, atOnce, sizes)
      const count = atOnce === 1 ? Math.min(ALONE, created) : created
      const group = groupOf(0, atOnce)
      await rows.measure(one, atOnce, count, (index) => purgeOne(one, nameOf(one, group, index), gone))
    }
  }
  const goneP50VsBare = quantile(rows.of(ours, 1).done) / quantile(rows.of(bare, 1).done)
  return { ratios: { goneP50VsBare }, rows: rows.shown() }
}
