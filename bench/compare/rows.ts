import { quantile, rounded, times } from '../figures.ts'
import type { Applied } from './applied.ts'
import type { Contender } from './contenders.ts'
import { cpuMsOf } from './processes.ts'

/** Milliseconds of each create until it was promised and until it was applied; of each round tenants a second and CPU time a tenant. */
type Row = {
  contender: string
  atOnce: number
  accepted: number[]
  applied: number[]
  perSecond: number[]
  cpu: Record<string, number[]>
}
export type Processes = Record<string, number | undefined>

/** What was measured: a row for each contender and number of creates at once. */
export class Rows {
  readonly #rows: Row[] = []
  readonly #processes: Processes

  constructor(processes: Processes) {
    this.#processes = processes
  }

  of({ name }: Pick<Contender, 'name'>, atOnce: number): Row {
    const known = this.#rows.find((row) => row.contender === name && row.atOnce === atOnce)
    if (known !== undefined) return known
    const row = { contender: name, atOnce, accepted: [], applied: [], perSecond: [], cpu: {} }
    this.#rows.push(row)
    return row
  }

  async measure(contender: Contender, atOnce: number, count: number, prefix: string, applied: Applied) {
    const row = this.of(contender, atOnce)
    const before = await this.#cpu()
    const startedAt = performance.now()
    await times(atOnce, count, async (index) => {
      const name = `${contender.name.replaceAll(' ', '-')}-${prefix}-${index}`
      const taken = await createOne(contender, name, applied)
      row.accepted.push(taken.accepted)
      row.applied.push(taken.applied)
    })
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
  async inTurn(two: readonly [Contender, Contender], atOnce: number, count: number, prefix: string, applied: Applied) {
    const [one, other] = two
    await times(atOnce, 2 * count, async (index) => {
      const contender = [one, other, other, one][index % 4]!
      const name = `${contender.name.replaceAll(' ', '-')}-${prefix}-${index}`
      const taken = await createOne(contender, name, applied)
      this.of({ name: `${contender.name}, in turn` }, atOnce).accepted.push(taken.accepted)
      this.of({ name: `${contender.name}, in turn` }, atOnce).applied.push(taken.applied)
    })
  }

  async #cpu(): Promise<Record<string, number>> {
    const used = Object.entries(this.#processes).map(async ([name, pid]) => [name, await cpuMsOf(pid)] as const)
    return Object.fromEntries(await Promise.all(used))
  }

  shown() {
    return this.#rows.map(({ contender, atOnce, accepted, applied, perSecond, cpu }) => {
      const figures: Record<string, number> = {
        'accepted p50 ms': quantile(accepted),
        'applied p50 ms': quantile(applied),
        'applied p95 ms': quantile(applied, 0.95),
        'applied p99 ms': quantile(applied, 0.99),
        ...(perSecond.length > 0 ? { 'tenants/s': quantile(perSecond) } : {}),
      }
      for (const [name, ms] of Object.entries(cpu)) figures[`${name} CPU ms`] = quantile(ms)
      return { contender, atOnce, ...rounded(figures) }
    })
  }

  /** For the drawing. */
  bars() {
    return this.#rows.map(({ contender, atOnce, applied, perSecond }) => {
      return { contender, atOnce, applied: quantile(applied), perSecond: quantile(perSecond) }
    })
  }
}

export async function createOne(contender: Contender, id: string, applied: Applied) {
  const startedAt = performance.now()
  const seen = contender.isOnlyPromised ? undefined : applied.in(contender.namespaceOf(id))
  await contender.create(id)
  const accepted = performance.now() - startedAt
  await seen
  return { accepted, applied: performance.now() - startedAt }
}
