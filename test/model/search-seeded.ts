import { SCENARIOS } from './scenarios.ts'
import { type Reach, search } from './search.ts'
import { BrokenError } from './walk.ts'

/** From where a bug may show, the quickest way first. */
const REACHES: readonly Reach[] = [
  { from: 'alone', depth: 2 },
  { from: 'late', depth: 1 },
  { from: 'alone', depth: 5 },
  { from: 'stalled', depth: 1 },
  { from: 'late', depth: 2 },
]

/** Searches SCENARIO with the bug that `seed.ts` has put in, and prints how it showed; nothing if it did not. */
const scenario = SCENARIOS.find(({ name }) => name === process.env.SCENARIO)!
try {
  for (const reach of REACHES) search(scenario, reach)
} catch (error) {
  if (!(error instanceof BrokenError)) throw error
  console.log(error.message)
}
