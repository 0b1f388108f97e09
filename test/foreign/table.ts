import { documentedPart } from '../helpers/documented.ts'
import { type Cells, OPERATION_NAMES } from './operations.ts'

/** The tables as they stand in the document. */
export const DOCUMENTED = documentedPart('explanation/foreign-hands.md', 'npm run test:whole -- foreign')

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
