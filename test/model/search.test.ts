import { setPriority } from 'node:os'
import t from 'tap'
import { REACHES } from './reaches.ts'
import { SCENARIOS } from './scenarios.ts'
import { search } from './search.ts'

// It runs beside tests on a cluster, which wait for clocks and come first.
setPriority(19)

for (const scenario of SCENARIOS) {
  t.test(scenario.name, async (t) => {
    for (const reach of REACHES) {
      const { states, steps, ends } = search(scenario, reach)
      const what = `${states} states, ${steps} steps and ${ends} ends, ${reach.from}, ${reach.depth} deep`
      // Fewer would mean that nothing happens in the model.
      t.ok(states > 100 && ends > 10, what)
    }
  })
}
