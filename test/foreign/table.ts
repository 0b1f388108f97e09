import { readFileSync, writeFileSync } from 'node:fs'
import { type Cells, OPERATION_NAMES } from './operations.ts'

const DOCUMENT = new URL('../../docs/foreign-hands.md', import.meta.url)
const [BEGIN, END] = ['<!-- begin: written by `npm run test:whole -- foreign` -->', '<!-- end -->']

export type Row = { hand: string; cells: Cells }

/** Markdown tables, one for each kind of hand, without the columns that none of its rows has. */
export function tablesOf(kinds: Readonly<Record<string, readonly Row[]>>): string {
  const tables = Object.entries(kinds).map(([kind, rows]) => {
    const columns = OPERATION_NAMES.filter((name) => rows.some(({ cells }) => cells[name] !== undefined))
    const lines = [
      ['', ...columns],
      ['---', ...columns.map(() => '---')],
      ...rows.map(({ hand, cells }) => [hand, ...columns.map((name) => cells[name] ?? '')]),
    ]
    return `### ${kind}\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}`
  })
  return tables.join('\n\n')
}

/** The tables as they stand in the document. */
export function documented(): string {
  const [, rest = ''] = readFileSync(DOCUMENT, 'utf8').split(BEGIN)
  return rest.split(END)[0]!.trim()
}

export function document(tables: string): void {
  const [before = ''] = readFileSync(DOCUMENT, 'utf8').split(BEGIN)
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${tables}\n\n${END}\n`)
}
