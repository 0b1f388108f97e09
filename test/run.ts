/** `npm test`: all tests, or those of the tiers that are named as arguments, on a cluster of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { Parser } from 'tap-parser'
import { down, overlaps, up } from '../tools/local-cluster/cluster.ts'
import { withProgress } from '../tools/local-cluster/progress.ts'
import { forgetDisruptions } from './helpers/disruptions.ts'

const TIERS = ['unit', 'contract', 'charts', 'integration', 'e2e']
const NEED_CLUSTER = ['integration', 'e2e']
/** Another version is another cluster. */
const CLUSTER = ['test', process.env.LOCAL_KUBERNETES?.replaceAll('.', '-')].filter(Boolean).join('-')
/** Files that judge what all others have recorded. tap does not keep to the order in which it is given files. */
const LAST = 'zz-'
const RESULTS = '.tap/run.tap'

process.env.TEST_CLUSTER_NAME = CLUSTER
process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const tiers = args.length === 0 ? TIERS : args
  const unknown = tiers.filter((tier) => !TIERS.includes(tier))
  if (unknown.length > 0) throw new Error(`there is no tier ${unknown.join(', ')}; tiers are ${TIERS.join(', ')}`)
  await run('tap', ['build'], 'ignore')
  if (!tiers.some((tier) => NEED_CLUSTER.includes(tier))) return runTiers(tiers)

  const cluster = await withProgress((report) => up({ name: CLUSTER, report }))
  console.log(`The tests use: ${cluster.description}`)
  try {
    if (process.env.REQUIRE_PODS && !cluster.runsPods)
      throw new Error('this machine can run pods, but the cluster does not')
    const status = await runTiers(tiers)
    // Whatever a test looked at: no two databases may ever have written to one volume, but where a test made them.
    const found = (await overlaps(cluster)).filter((record) => !record.includes('fluxiondb-overlap-'))
    if (found.length > 0) console.error(`two databases were on one volume:\n${found.join('\n')}`)
    return found.length > 0 ? 1 : status
  } finally {
    if (!process.env.KEEP_CLUSTER) await withProgress((report) => down({ name: CLUSTER, report }))
  }
}

async function runTiers(tiers: string[]): Promise<number> {
  await forgetDisruptions()
  const apart = tiers.filter((tier) => !NEED_CLUSTER.includes(tier))
  const together = tiers.filter((tier) => NEED_CLUSTER.includes(tier))
  const counts: Counts = { passed: 0, failed: 0, skipped: [] }
  // Those on the cluster one at a time: some stop parts of it.
  const statuses = [await runFiles(apart, 2, counts), await runFiles(together, 1, counts)]
  const { passed, failed, skipped } = counts
  for (const reason of skipped) console.log(`skipped: ${reason}`)
  console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
  return failed > 0 ? 1 : Math.max(...statuses)
}

async function runFiles(tiers: string[], jobs: number, counts: Counts): Promise<number> {
  if (tiers.length === 0) return 0
  const all = tiers.flatMap((tier) => globSync(`test/${tier}/**/*.test.ts`).sort())
  const isLast = (file: string) => basename(file).startsWith(LAST)
  const status = await runTap(
    all.filter((file) => !isLast(file)),
    jobs,
    counts,
  )
  const last = all.filter(isLast)
  return last.length === 0 ? status : Math.max(status, await runTap(last, jobs, counts))
}

async function runTap(files: string[], jobs: number, counts: Counts): Promise<number> {
  await rm(RESULTS, { force: true })
  const reporter = process.stdout.isTTY ? 'base' : 'terse'
  const status = await run('tap', ['run', `--jobs=${jobs}`, '-R', reporter, '-o', RESULTS, ...files], 'inherit')
  await count(counts)
  return status
}

type Counts = { passed: number; failed: number; skipped: string[] }

/** Counts the innermost tests, each once; tap's own summary counts the assertions. */
async function count(counts: Counts): Promise<void> {
  const parser = new Parser()
  watch(parser, counts)
  createReadStream(RESULTS).pipe(parser)
  await once(parser, 'complete')
}

function watch(parser: Parser, counts: Counts): void {
  let isInnermost = parser.level > 0
  parser.on('child', (child) => {
    isInnermost = false
    watch(child, counts)
  })
  parser.on('assert', ({ name, skip }) => {
    if (!skip) return
    isInnermost = false
    counts.skipped.push(`${name}: ${skip === true ? 'no reason given' : skip}`)
  })
  parser.on('complete', ({ ok }) => {
    if (!isInnermost) return
    if (ok) counts.passed++
    else counts.failed++
  })
}

async function run(command: string, args: string[], output: 'inherit' | 'ignore'): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', output, 'inherit'] })
  const [code] = await once(child, 'exit')
  return code ?? 1
}
