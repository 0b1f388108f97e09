import Table from 'cli-table3'
import { InvalidArgumentError, Option } from 'commander'
import { stringify } from 'yaml'

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const
export type Format = (typeof FORMATS)[number]

/** Columns: a title, and what stands in it. `wide`: only where there is room for it. */
export type Column<T> = { title: string; of: (row: T) => string | number | null | undefined; wide?: boolean }

export const outputOption = () => new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('table')

/** Prints rows as a table or as what the service has answered. */
export function print<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { output = 'table', nameOf }: { output?: Format; nameOf?: (row: T) => string } = {},
): void {
  if (output === 'json' || output === 'yaml') {
    printWhole(rows, output)
    return
  }
  const shown = columns.filter(({ wide }) => !wide || output === 'wide')
  if (output === 'name') {
    const name = nameOf ?? ((row: T) => String(columns[0]!.of(row)))
    for (const row of rows) console.log(name(row))
    return
  }
  const table = new Table({ head: shown.map(({ title }) => title), style: PLAIN, chars: NO_LINES })
  for (const row of rows) table.push(shown.map(({ of }) => String(of(row) ?? '-')))
  console.log(
    table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  )
}

/** One thing, whole. */
export function printWhole(value: unknown, output: 'json' | 'yaml'): void {
  if (output === 'json') console.log(JSON.stringify(value, null, 2))
  else process.stdout.write(stringify(value))
}

/** Bytes as people read them; a dash for what is not known. */
export function bytes(value: number | null): string {
  if (value === null) return '-'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = value === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10))
  return `${(value / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/** How long ago, in the largest unit that is more than one. */
export function age(time: string | null): string {
  if (time === null) return '-'
  const seconds = Math.max(0, (Date.now() - new Date(time).getTime()) / 1000)
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)}${unit}`
  }
  return `${Math.floor(seconds)}s`
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const PLAIN = { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 }
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle', 'left-mid', 'right-mid', 'mid-mid']
    .concat(['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'])
    .map((part) => [part, '']),
)
