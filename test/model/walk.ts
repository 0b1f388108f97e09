import { type Cluster, controllersOf, type Step } from './controllers.ts'
import { brokenBy, unfinishedIn } from './invariants.ts'
import { CALLS_OF_A_PASS, crash, isInPass, see, seeAll, step, WATCHES, work } from './replica.ts'
import type { Scenario } from './scenarios.ts'
import { keyOfState, type State } from './state.ts'

const CLUSTER: Cluster = { copiesAnnotations: true, growsVolumes: true, nodeRam: 64 }
/** Any operation comes to its end in fewer. */
const ROUNDS_TO_END = 60
export const NAMES = ['A', 'B'] as const

export class BrokenError extends Error {
  override name = 'BrokenError'
}

/** A state, and how it came about. */
export type Node = { state: State; key: string; by: string; from: Node | undefined }

export const nodeOf = (state: State, by: string, from?: Node): Node => ({ state, key: keyOfState(state), by, from })

export function trace(node: Node | undefined): string[] {
  return node === undefined ? [] : [...trace(node.from), node.by]
}

/** All that can happen in a scenario, and the way from any state to its end. */
export class Walk {
  /** All that can happen next, whatever has happened. */
  readonly steps: readonly Step[]
  readonly ask: Step
  readonly #controllers: readonly Step[]
  readonly #endWell = new Set<string>()

  constructor({ asks, harms = [], cluster }: Scenario, replicas: readonly (0 | 1)[]) {
    this.#controllers = controllersOf({ ...CLUSTER, ...cluster })
    this.ask = asking(asks)
    this.steps = [...replicas.flatMap(replicaSteps), ...this.#controllers, this.ask, ...harms.map(once)]
  }

  /** @returns the same node if nothing has changed @throws BrokenError if something does not hold any more */
  after(from: Node, { name, run }: Step): Node {
    const happened = () => [...trace(from), name].join('; ')
    let state: State
    try {
      state = run(from.state)
    } catch (error) {
      throw new BrokenError(`${(error as Error).message}, after: ${happened()}`)
    }
    if (state === from.state) return from
    const broken = brokenBy(from.state, state)
    if (broken) throw new BrokenError(`${broken}, after: ${happened()}`)
    return nodeOf(state, name, from)
  }

  /** @throws BrokenError if it does not become what it shall be once everybody has done his part */
  end(node: Node): void {
    const passed: string[] = []
    const last = this.follow(node, [0, 1], ({ key }) => passed.push(key), this.#endWell)
    const unfinished = this.#endWell.has(last.key) ? undefined : unfinishedIn(last.state)
    if (unfinished) throw new BrokenError(`${unfinished} in the end, after: ${trace(node).join('; ')}`)
    for (const key of [node.key, ...passed]) this.#endWell.add(key)
  }

  /** Everybody does his part in turn until nothing changes any more, or what comes then is known. @param told of every state on the way */
  follow(node: Node, replicas: readonly (0 | 1)[], told: (node: Node) => unknown, known?: Set<string>): Node {
    let last = node
    const go = (one: Step) => {
      const next = this.after(last, one)
      if (next !== last) told(next)
      last = next
    }
    for (let round = 0; round < ROUNDS_TO_END; round++) {
      const before = last
      for (const index of replicas) {
        go({ name: `${NAMES[index]} sees all`, run: (state) => seeAll(state, index) })
        for (let calls = 0; calls < CALLS_OF_A_PASS; calls++) {
          const { state } = last
          go({ name: `${NAMES[index]} calls`, run: (state) => step(state, index) })
          if (last.state === state || !isInPass(last.state.replicas[index])) break
        }
      }
      for (const one of this.#controllers) go(one)
      if (known?.has(last.key) || last.key === before.key) return last
    }
    throw new BrokenError(`it never ends, after: ${trace(node).join('; ')}`)
  }
}

function asking(asks: readonly Step[]): Step {
  const run = (state: State): State => {
    const after = asks[state.asked]?.run(state) ?? state
    return after === state ? state : { ...after, asked: state.asked + 1 }
  }
  return { name: 'ask', run }
}

function once({ name, run }: Step): Step {
  const isDone = ({ harms }: State) => harms.includes(name)
  return { name, run: (state) => (isDone(state) ? state : { ...run(state), harms: [...state.harms, name].sort() }) }
}

function replicaSteps(index: 0 | 1): Step[] {
  const name = NAMES[index]
  return [
    { name: `${name} calls`, run: (state) => step(state, index) },
    { name: `${name} works`, run: (state) => work(state, index) },
    { name: `${name} crashes`, run: (state) => crash(state, index) },
    ...WATCHES.map((resource) => ({
      name: `${name} sees ${resource}`,
      run: (state: State) => see(state, index, resource),
    })),
  ]
}
