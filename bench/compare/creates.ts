import { quantile, times } from '../figures.ts'
import type { Contender } from './contenders.ts'
import { createOne } from './create-one.ts'
import { untilCalm } from './processes.ts'
import { Rows } from './rows.ts'
import { AT_ONCE, countOf, nameOf, type Sizes, type Stage, turnsOf } from './stage.ts'

const WORDS = { done: 'applied', one: 'tenants' }
const MANY = 8

/** The group of tenants that a round creates so many at once: deletes take them by the same name. */
export function groupOf(round: number, atOnce: number): string {
  return `${round}-by-${atOnce}`
}

/** Creates until they are promised, and until they are applied; then the same beside many tenants that wait. */
export async function creates(stage: Stage, sizes: Sizes) {
  const { ours, bare, byHelm, calls, applied, processes } = stage
  const all = [ours, calls, ...stage.keepers.slice(1)]
  const create = (one: Contender, group: string, index: number) => createOne(one, nameOf(one, group, index), applied)
  // Programs and caches are warm for everyone.
  for (const one of all) await create(one, 'warm', 0)

  const rows = new Rows(processes, WORDS)
  for (let round = 0; round < sizes.rounds; round++) {
    for (const one of turnsOf(all, round)) {
      console.log(`creates, round ${round + 1} of ${sizes.rounds}: ${one.name}`)
      for (const atOnce of AT_ONCE) {
        const group = groupOf(round, atOnce)
        await rows.measure(one, atOnce, countOf(one, atOnce, sizes), (index) => create(one, group, index))
      }
    }
    console.log(`creates, round ${round + 1} of ${sizes.rounds}: ${ours.name} and ${calls.name} in turn`)
    for (const atOnce of [1, MANY]) {
      const count = countOf(ours, atOnce, sizes)
      await rows.inTurn([ours, calls], atOnce, count, (one, index) => create(one, `${round}-in-turn-${atOnce}`, index))
    }
  }

  console.log(`${sizes.waiting} more tenants that wait for a node ...`)
  await times(MANY, sizes.waiting, (index) => create(ours, 'waits', index))
  await untilCalm(processes['API server'])
  const later = new Rows(processes, WORDS)
  for (let round = 0; round < sizes.rounds; round++) {
    for (const one of turnsOf([ours, bare], round)) {
      await later.measure(one, 1, sizes.alone, (index) => create(one, `late-${round}`, index))
    }
  }

  const slowdown = (one: Contender) => quantile(later.of(one, 1).done) / quantile(rows.of(one, 1).done)
  const ratios = {
    ...ratiosOf(rows, { ours, calls, bare, byHelm }),
    // What the cluster itself takes longer with more objects in it is not this service's.
    waitingTenantsSlowdown: slowdown(ours) / slowdown(bare),
  }
  const afterwards = later.shown().map((row) => ({ ...row, contender: `${row.contender}, many waiting` }))
  const bars = rows.bars().filter(({ perSecond, contender }) => perSecond > 0 && contender !== calls.name)
  return { ratios, bars, rows: [...rows.shown(), ...afterwards] }
}

function ratiosOf(rows: Rows, by: Record<'ours' | 'calls' | 'bare' | 'byHelm', Contender>) {
  const inTurn = ({ name }: Contender, atOnce: number) => rows.of({ name: `${name}, in turn` }, atOnce).accepted
  const accepted = (atOnce: number) => quantile(inTurn(by.ours, atOnce)) / quantile(inTurn(by.calls, atOnce))
  const ours = rows.of(by.ours, MANY)
  const bare = rows.of(by.bare, MANY)
  const byHelm = rows.of(by.byHelm, MANY)
  return {
    acceptedP50VsTwoCalls: accepted(1),
    acceptedP50VsTwoCallsTogether: accepted(MANY),
    appliedP50VsBare: quantile(rows.of(by.ours, 1).done) / quantile(rows.of(by.bare, 1).done),
    appliedThroughputVsBare: quantile(ours.perSecond) / quantile(bare.perSecond),
    throughputVsHelm: quantile(ours.perSecond) / quantile(byHelm.perSecond),
    p50VsHelm: quantile(ours.done) / quantile(byHelm.done),
  }
}
