import { lateAt, momentsOf, stalledAt } from './moments.ts'
import type { Scenario } from './scenarios.ts'
import { type Node, Walk } from './walk.ts'

/**
 * Where a search starts, and how many things happen from there in every order. `alone`: from every moment of an undisturbed run, by one
 * replica and the controllers. `both`: by two replicas. `late`: by one replica of which one watch, or every watch but one, has told
 * nothing since any earlier moment. `stalled`: by two replicas, the second of which has been standing still since any earlier moment, at
 * rest or in the middle of a pass.
 */
export type Reach = { from: 'alone' | 'both' | 'late' | 'stalled'; depth: number }

/** How far it was looked: states, steps between them, and ends that were followed. */
export type Searched = { states: number; steps: number; ends: number }

/**
 * Follows every order in which so many things can happen. From each end on everybody does his part, and the tenant must become what it
 * shall be.
 * @throws BrokenError with all that has happened, as soon as anything does not hold
 */
export function search(scenario: Scenario, { from, depth }: Reach): Searched {
  const walk = new Walk(scenario, from === 'alone' || from === 'late' ? [0] : [0, 1])
  let layer = startsOf(scenario, walk, from)
  const visited = new Set(layer.map(({ key }) => key))
  let steps = 0
  for (let level = 0; level < depth; level++) {
    const next: Node[] = []
    for (const node of layer) {
      for (const one of walk.steps) {
        const after = walk.after(node, one)
        if (after === node) continue
        steps++
        if (visited.has(after.key)) continue
        visited.add(after.key)
        next.push(after)
      }
    }
    layer = next
  }
  for (const node of layer) walk.end(node)
  return { states: visited.size, steps, ends: layer.length }
}

function startsOf(scenario: Scenario, walk: Walk, from: Reach['from']): readonly Node[] {
  const run = momentsOf(scenario, walk)
  if (from === 'late') return lateAt(run)
  return from === 'stalled' ? stalledAt(run, walk) : run
}
