import { readFile, writeFile } from 'node:fs/promises'
import { cachePath } from '../../tools/cache.ts'
import type { Result } from './run-file.ts'

/** Of this machine. */
const FILE = cachePath('test-durations.json')
/** Of another one (s), those that take a minute or more: for the first run here. Only the order counts. */
const ELSEWHERE = new URL('durations.json', import.meta.url)

/** The files with the longest first, as the last run on this machine took them: so no lane is left with a long one at the end. */
export async function longestFirst(files: readonly string[]): Promise<string[]> {
  const known = { ...JSON.parse(await readFile(ELSEWHERE, 'utf8')), ...(await durations()) }
  const secondsOf = (file: string): number => known[file] ?? 0
  return [...files].sort((a, b) => secondsOf(b) - secondsOf(a) || a.localeCompare(b))
}

export async function keepDurations(results: readonly Result[]): Promise<void> {
  const taken = Object.fromEntries(results.map(({ title, seconds }) => [title, Math.round(seconds)]))
  await writeFile(FILE, JSON.stringify({ ...(await durations()), ...taken }, null, 1))
}

async function durations(): Promise<Record<string, number>> {
  try {
    return JSON.parse(await readFile(FILE, 'utf8'))
  } catch {
    return {} // The first run, or a file that was cut off: then the order is that of the names.
  }
}
