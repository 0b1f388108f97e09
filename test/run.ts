/** `npm test`: all tests, or those of the tiers that are named as arguments, on a cluster of their own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Parser } from 'tap-parser'
import { down, overlaps, up } from '../tools/local-cluster/cluster.ts'
import { withProgress } from '../tools/local-cluster/progress.ts'

const TIERS = ['unit', 'contract', 'integration', 'e2e']
const NEED_CLUSTER = ['integration', 'e2e']
const CLUSTER = 'test'
const RESULTS = '.tap/run.tap'

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
  await rm(RESULTS, { force: true })
  const files = tiers.flatMap((tier) => globSync(`test/${tier}/**/*.test.ts`).sort())
  const status = await run(
    'tap',
    ['run', '-R', process.stdout.isTTY ? 'base' : 'terse', '-o', RESULTS, ...files],
    'inherit',
  )
  const { passed, failed, skipped } = await count()
  for (const reason of skipped) console.log(`skipped: ${reason}`)
  console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
  return status === 0 && failed > 0 ? 1 : status
}

/** Counts the innermost tests, each once; tap's own summary counts the assertions. */
async function count(): Promise<{ passed: number; failed: number; skipped: string[] }> {
  const counts = { passed: 0, failed: 0, skipped: [] as string[] }
  const parser = new Parser()
  watch(parser, counts)
  createReadStream(RESULTS).pipe(parser)
  await once(parser, 'complete')
  return counts
}

function watch(parser: Parser, counts: Awaited<ReturnType<typeof count>>): void {
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
