import { quantile, rounded, times } from '../figures.ts'
import { cpuMsOf } from './processes.ts'

/** Milliseconds until a change was promised, and until all of it was there. */
export type Taken = { accepted?: number; done: number }
/** Of each round: how many a second, and CPU time (ms) for each. */
type Row = {
  contender: string
  atOnce: number
  accepted: number[]
  done: number[]
  perSecond: number[]
  cpu: Record<string, number[]>
}
type Named = { name: string }
export type Processes = Record<string, number | undefined>

/** What was measured: a row for each contender and number at once. */
export class Rows {
  readonly #rows: Row[] = []
  readonly #processes: Processes
  readonly #done: string
  readonly #one: string

  /** @param words of what is done, and of what it is done to, for the table */
  constructor(processes: Processes, words: { done: string; one: string }) {
    this.#processes = processes
    this.#done = words.done
    this.#one = words.one
  }

  of({ name }: Named, atOnce: number): Row {
    const known = this.#rows.find((row) => row.contender === name && row.atOnce === atOnce)
    if (known !== undefined) return known
    const row = { contender: name, atOnce, accepted: [], done: [], perSecond: [], cpu: {} }
    this.#rows.push(row)
    return row
  }

  async measure(contender: Named, atOnce: number, count: number, one: (index: number) => Promise<Taken>) {
    const row = this.of(contender, atOnce)
    const before = await this.#cpu()
    const startedAt = performance.now()
    await times(atOnce, count, async (index) => note(row, await one(index)))
    row.perSecond.push((count / (performance.now() - startedAt)) * 1000)
    const after = await this.#cpu()
    for (const name of Object.keys(after)) {
      row.cpu[name] = [...(row.cpu[name] ?? []), (after[name]! - before[name]!) / count]
    }
  }

  /**
   * Two contenders by turns, so that what one leaves behind slows both down alike: controllers are at work on a tenant for long after it was
   * applied. How many a second that makes says nothing.
   */
  async inTurn<C extends Named>(
    two: readonly [C, C],
    atOnce: number,
    count: number,
    one: (contender: C, index: number) => Promise<Taken>,
  ) {
    const [first, other] = two
    await times(atOnce, 2 * count, async (index) => {
      const contender = [first, other, other, first][index % 4]!
      note(this.of({ name: `${contender.name}, in turn` }, atOnce), await one(contender, index))
    })
  }

  async #cpu(): Promise<Record<string, number>> {
    const used = Object.entries(this.#processes).map(async ([name, pid]) => [name, await cpuMsOf(pid)] as const)
    return Object.fromEntries(await Promise.all(used))
  }

  shown() {
    return this.#rows.map(({ contender, atOnce, accepted, done, perSecond, cpu }) => {
      const figures: Record<string, number> = {
        ...(accepted.length > 0 ? { 'accepted p50 ms': quantile(accepted) } : {}),
        [`${this.#done} p50 ms`]: quantile(done),
        [`${this.#done} p95 ms`]: quantile(done, 0.95),
        [`${this.#done} p99 ms`]: quantile(done, 0.99),
        ...(perSecond.length > 0 ? { [`${this.#one}/s`]: quantile(perSecond) } : {}),
      }
      for (const [name, ms] of Object.entries(cpu)) figures[`${name} CPU ms`] = quantile(ms)
      return { contender, atOnce, ...rounded(figures) }
    })
  }

  /** For the drawing. */
  bars() {
    return this.#rows.map(({ contender, atOnce, done, perSecond }) => {
      return { contender, atOnce, applied: quantile(done), perSecond: quantile(perSecond) }
    })
  }
}

function note(row: Row, { accepted, done }: Taken): void {
  if (accepted !== undefined) row.accepted.push(accepted)
  row.done.push(done)
}
