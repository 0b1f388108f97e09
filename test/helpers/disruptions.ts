import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Plan } from '../../src/tenants/record/plan.ts'

type Disruption = Plan['expectedDisruption']

/** One change of a tenant: what the plan said before, what the operation said afterwards, and what the pods show. */
export type Disrupted = {
  /** Such as `resize/after`. */
  file: string
  change: string
  tenant: string
  planned: Disruption
  told: Disruption | undefined
  true: Disruption
}

const E2E = join(import.meta.dirname, '../e2e')
/** Below the folder of tap's own results. All files of a run write here; `npm test` begins with an empty one. */
export const DISRUPTIONS = join(import.meta.dirname, '../../.tap/disruptions.jsonl')

export async function recordDisruption(disrupted: Omit<Disrupted, 'file'>): Promise<void> {
  await mkdir(join(DISRUPTIONS, '..'), { recursive: true })
  const file = relative(E2E, process.argv[1]!).replace(/\.test\.ts$/, '')
  await appendFile(DISRUPTIONS, `${JSON.stringify({ file, ...disrupted })}\n`)
}

export async function recordedDisruptions(): Promise<Disrupted[]> {
  const lines = (await readFile(DISRUPTIONS, 'utf8')).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line))
}

export async function forgetDisruptions(): Promise<void> {
  await rm(DISRUPTIONS, { force: true })
}
