/** `npm test`: all tests, or those of the tiers that are named as arguments, on clusters of their own. */
import { globSync } from 'node:fs'
import { forgetDisruptions } from './helpers/disruptions.ts'
import { runOnLanes } from './runner/lanes.ts'
import { tell, tellSum } from './runner/report.ts'
import { type Result, runFile } from './runner/run-file.ts'

const NEED_CLUSTER = ['integration', 'e2e', 'clients', 'foreign', 'faults', 'attack']
const TIERS = ['unit', 'contract', 'charts', 'model', ...NEED_CLUSTER]
/** Too long for every day, so only when named. */
const LONG = ['fleet']
/** Judges what all others have recorded. */
const LAST = 'last'

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const tiers = args.length === 0 ? TIERS : args
  const unknown = tiers.filter((tier) => ![...TIERS, ...LONG].includes(tier))
  if (unknown.length > 0)
    throw new Error(`there is no tier ${unknown.join(', ')}; tiers are ${[...TIERS, ...LONG].join(', ')}`)
  await forgetDisruptions()
  const filesOf = (...some: readonly string[]) =>
    tiers.filter((tier) => some.includes(tier)).flatMap((tier) => globSync(`test/${tier}/**/*.test.ts`).sort())

  const results: Result[] = []
  const run = async (title: string, file: string, env?: Record<string, string>) => {
    const result = await runFile(title, file, env)
    results.push(result)
    tell(result, 0)
  }
  /** Pure, so all files of a tier are in one process. */
  const runPure = async (tier: string) => {
    const files = filesOf(tier)
    if (files.length > 0) await run(tier, 'test/runner/in-one-process.ts', { TEST_FILES: files.join('\n') })
  }
  const runCharts = async () => {
    for (const file of filesOf('charts')) await run(file, file)
  }
  // Two lanes that take about the same time.
  await Promise.all([runPure('unit'), runPure('contract').then(runCharts)])
  // Beside the clusters, which leave much of the time to others.
  const model = Promise.all(filesOf('model').map((file) => run(file, file)))
  const onCluster = filesOf(...NEED_CLUSTER, ...LONG)
  if (onCluster.length === 0) {
    await model
    return tellSum(results) ? 0 : 1
  }
  const last = tiers.includes('e2e') ? globSync(`test/${LAST}/**/*.test.ts`) : []
  const [lanes] = await Promise.all([runOnLanes(onCluster, last), model])
  return tellSum([...results, ...lanes.results]) && lanes.isSafe ? 0 : 1
}
