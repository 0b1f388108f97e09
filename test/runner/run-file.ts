import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Parser } from 'tap-parser'
import { cachePath } from '../../tools/cache.ts'

/** Below tap's own folder: the output of each file, to be read when something fails. */
const RESULTS = '.tap/results'
/** A test that waits for a cluster may take long (seconds); tap's own limit is 30. */
const TIMEOUT_SECONDS = process.env.TAP_TIMEOUT ?? '600'
const STDERR_LINES = 20
/** Tests start hundreds of processes, each of which would compile the same sources anew. */
const COMPILED = cachePath('compiled')

export type Failure = { name: string; diagnostics: unknown }
/** How the tests of one process ended. Only the innermost tests are counted, each once. */
export type Result = { title: string; seconds: number; passed: number; skipped: string[]; failures: Failure[] }

/** Runs a test file in a process of its own. @param title what it is called in the report */
export async function runFile(title: string, file: string, env: Record<string, string> = {}): Promise<Result> {
  const started = performance.now()
  await mkdir(RESULTS, { recursive: true })
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, TAP_TIMEOUT: TIMEOUT_SECONDS, ...env },
  })
  const result: Result = { title, seconds: 0, passed: 0, skipped: [], failures: [] }
  const parser = new Parser()
  watch(parser, result)
  child.stdout.pipe(parser)
  child.stdout.pipe(createWriteStream(join(RESULTS, `${title.replaceAll('/', '-')}.tap`)))
  const stderr: string[] = []
  child.stderr.on('data', (chunk: Buffer) => stderr.push(...chunk.toString().split('\n')))
  const ended = Promise.withResolvers<string>()
  child.once('close', (code, signal) => ended.resolve(String(signal ?? code)))
  const end = await ended.promise
  if (end !== '0' && result.failures.length === 0) {
    const told = stderr.slice(-STDERR_LINES).join('\n')
    result.failures.push({ name: title, diagnostics: `the process ended with ${end}\n${told}` })
  }
  return { ...result, seconds: (performance.now() - started) / 1000 }
}

function watch(parser: Parser, result: Result): void {
  let isInnermost = parser.level > 0
  const failed: Failure[] = []
  parser.on('child', (child) => {
    isInnermost = false
    watch(child, result)
  })
  parser.on('assert', ({ ok, name, fullname, skip, diag }) => {
    if (skip) {
      isInnermost = false
      result.skipped.push(`${name}: ${skip === true ? 'no reason given' : skip}`)
    } else if (!ok) failed.push({ name: [fullname, name].filter(Boolean).join(' > '), diagnostics: diag })
  })
  parser.on('complete', ({ ok }) => {
    if (!isInnermost) return
    if (ok) result.passed++
    // One failure a test, whatever the number of its assertions.
    else result.failures.push(failed[0] ?? { name: parser.fullname, diagnostics: 'it did not end as planned' })
  })
}
