import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** One fault at one point of one operation. `hit`: the call that suffered; null: the operation did not get so far. */
export type Row = { operation: string; fault: string; point: number; hit: string | null; differs: string | null }

const FILE = process.env.FAULTS_TABLE ?? new URL('../../.tap/faults.json', import.meta.url).pathname

export function keep(rows: readonly Row[]): void {
  mkdirSync(dirname(FILE), { recursive: true })
  writeFileSync(FILE, JSON.stringify(rows, null, 2))
}

export const kept = (): Row[] => JSON.parse(readFileSync(FILE, 'utf8'))

/** Operations by faults: so many points were hit, and so many ends differed; the last line is the sum. */
export function tableOf(rows: readonly Row[]): string {
  const faults = [...new Set(rows.map(({ fault }) => fault))]
  const operations = [...new Set(rows.map(({ operation }) => operation))]
  const cell = (some: readonly Row[]) => {
    const hit = some.filter((row) => row.hit !== null).length
    const differing = some.filter(({ differs }) => differs !== null).length
    return some.length === 0 ? '' : differing === 0 ? `${hit}` : `${hit}, ${differing} DIFFER`
  }
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const differing = rows.filter(({ differs }) => differs !== null)
  return [
    line(['operation', ...faults]),
    line(['---', ...faults.map(() => '---')]),
    ...operations.map((operation) => {
      const own = rows.filter((row) => row.operation === operation)
      return line([operation, ...faults.map((fault) => cell(own.filter((row) => row.fault === fault)))])
    }),
    '',
    ...differing.map(
      ({ operation, fault, point, hit, differs }) => `${operation}, ${fault} at call ${point} (${hit}): ${differs}`,
    ),
    `${rows.length} faults, ${rows.filter(({ hit }) => hit !== null).length} hit, ${differing.length} ends differed`,
  ].join('\n')
}
