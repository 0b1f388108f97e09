import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { BUGS } from './bugs.ts'

/** Loaded before anything else: what is imported after it has the bug in it. */
const { file, was, is } = BUGS[Number(process.env.SEEDED_BUG)]!
const url = new URL(`../../src/${file}`, import.meta.url)
const text = readFileSync(url, 'utf8')
if (text.split(was).length !== 2) throw new Error(`${file} does not hold this once: ${was}`)

registerHooks({
  load(asked, context, nextLoad) {
    if (asked !== url.href) return nextLoad(asked, context)
    return { format: 'module-typescript', source: text.replace(was, () => is), shortCircuit: true }
  },
})
