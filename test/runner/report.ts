import { stringify } from 'yaml'
import type { Failure, Result } from './run-file.ts'

const DIAGNOSTIC_LINES = 40
/** Of the difference, at the end. */
const SHORT_LINES = 12

/** A line for each process that has ended, and how many are left; and all that failed in it. */
export function tell({ title, seconds, passed, failures }: Result, left: number): void {
  const counts = failures.length === 0 ? `${passed} passed` : `${passed} passed, ${failures.length} FAILED`
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${title}: ${counts}${left > 0 ? `  (${left} to go)` : ''}`)
  for (const failure of failures) console.log(described(failure))
}

function described({ name, diagnostics }: Failure): string {
  const text = typeof diagnostics === 'string' ? diagnostics : stringify(diagnostics)
  const lines = text.split('\n').slice(0, DIAGNOSTIC_LINES)
  return [`not ok: ${name}`, ...lines.map((line) => `    ${line}`)].join('\n')
}

/** For the end of a long log: the name, and the lines in which what was found differs from what was expected. */
function inShort({ name, diagnostics }: Failure): string {
  const { diff } = (diagnostics ?? {}) as { diff?: string }
  const lines = (diff ?? '').split('\n').filter((line) => /^[+-]/.test(line) && !/^(---|\+\+\+) /.test(line))
  return [`failed: ${name}`, ...lines.slice(0, SHORT_LINES).map((line) => `    ${line}`)].join('\n')
}

/** The sum, as CI reads it. @returns whether all is well */
export function tellSum(results: readonly Result[]): boolean {
  const sum = (count: (result: Result) => number) => results.reduce((total, result) => total + count(result), 0)
  const skipped = results.flatMap((result) => result.skipped)
  const failed = sum(({ failures }) => failures.length)
  for (const reason of skipped) console.log(`skipped: ${reason}`)
  for (const failure of results.flatMap(({ failures }) => failures)) console.log(inShort(failure))
  const counts = [`${sum(({ passed }) => passed)} passed`, `${failed} failed`]
  console.log([...counts, ...(skipped.length > 0 ? [`${skipped.length} skipped`] : [])].join(', '))
  return failed === 0
}
