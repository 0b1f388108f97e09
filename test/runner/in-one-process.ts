/**
 * Runs the test files of TEST_FILES, one a line, in this one process: a process for each would take seconds for milliseconds of work.
 * Each file finds a test of its own as `tap`, so that what it sets there (hooks, jobs) concerns itself alone.
 */
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import tap, { type Test } from 'tap'

const CURRENT = 'current-test:'
const running = globalThis as { currentTest?: Test }
let number = 0

registerHooks({
  resolve(specifier, context, next) {
    const isOfTest = specifier === 'tap' && context.parentURL?.endsWith('.test.ts')
    return isOfTest ? { url: `${CURRENT}${number}`, format: 'module', shortCircuit: true } : next(specifier, context)
  },
  load(url, context, next) {
    if (!url.startsWith(CURRENT)) return next(url, context)
    return { format: 'module', source: 'export default globalThis.currentTest', shortCircuit: true }
  },
})

for (const file of process.env.TEST_FILES!.split('\n')) {
  await tap.test(file, async (t) => {
    running.currentTest = t
    number++
    await import(pathToFileURL(resolve(file)).href)
  })
}
