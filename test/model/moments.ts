import { CALLS_OF_A_PASS, crash, isInPass, seeAll, seenAnew, step, WATCHES } from './replica.ts'
import { beginningOf, type Scenario } from './scenarios.ts'
import { type Objects, withReplica } from './state.ts'
import { type Node, nodeOf, trace, type Walk } from './walk.ts'

/** Every moment of an undisturbed run, in which the first replica does all. */
export function momentsOf(scenario: Scenario, walk: Walk): Node[] {
  let node = nodeOf(beginningOf(scenario), 'beginning')
  const run = [node]
  for (const _ of scenario.asks) {
    node = walk.after(node, walk.ask)
    run.push(node)
    node = walk.follow(node, [0], (one) => run.push(one))
  }
  return run
}

/** Each of them, with one replica that knows all but what some watches have not told since any earlier one. */
export function lateAt(run: readonly Node[]): Node[] {
  const late = pairsOf(run).flatMap(([now, since]) =>
    WATCHES.flatMap((resource) => [
      withView(now, since, `all but ${resource}`, seenAnew(now.state.live, since.state.live, resource)),
      withView(now, since, `only ${resource}`, seenAnew(since.state.live, now.state.live, resource)),
    ]),
  )
  return distinct([...run, ...late])
}

function withView(now: Node, since: Node, what: string, seen: Objects): Node {
  const begun = crash(crash(now.state, 0), 1)
  return nodeOf(withReplica(begun, 0, { seen }), `A knows ${what}, the rest as it was at step ${depthOf(since)}`, now)
}

/** Each of them, with a second replica that has been standing still since any earlier one, at rest or in the middle of a pass. */
export function stalledAt(run: readonly Node[], walk: Walk): Node[] {
  const stopped = new Map(run.map((since) => [since, stoppedAt(since, walk)]))
  const pairs = [...pairsOf(run), ...run.map((node): [Node, Node] => [node, node])]
  return distinct(pairs.flatMap(([now, since]) => stopped.get(since)!.map((one) => withSecond(now, since, one))))
}

function withSecond(now: Node, since: Node, { state }: Node): Node {
  return nodeOf(withReplica(now.state, 1, state.replicas[1]), `B has stood still since step ${depthOf(since)}`, now)
}

/** The second replica at a moment, at rest and after each call of a pass. */
function stoppedAt(at: Node, walk: Walk): Node[] {
  let node = walk.after(at, { name: 'B sees all', run: (state) => seeAll(state, 1) })
  const stopped = [node]
  for (let calls = 0; calls < CALLS_OF_A_PASS; calls++) {
    const next = walk.after(node, { name: 'B calls', run: (state) => step(state, 1) })
    if (next.state.live !== node.state.live || !isInPass(next.state.replicas[1])) break
    node = next
    stopped.push(node)
  }
  return stopped
}

/** Each moment with each earlier one. */
const pairsOf = (run: readonly Node[]) =>
  run.flatMap((now, index) => run.slice(0, index).map((since): [Node, Node] => [now, since]))

const distinct = (nodes: readonly Node[]) => [...new Map(nodes.map((node) => [node.key, node])).values()]

const depthOf = (node: Node) => trace(node).length
