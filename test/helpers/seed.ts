import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** A bug to be put into the source: `file` is below src; `was` stands in it exactly once, and becomes `is`. */
export type Seed = { file: string; was: string; is: string }

/** Loaded before anything else, with a Seed as JSON in SEED: what is imported after it has the bug in it. */
const { file, was, is } = JSON.parse(process.env.SEED!) as Seed
const url = new URL(`../../src/${file}`, import.meta.url)
const text = readFileSync(url, 'utf8')
if (text.split(was).length !== 2) throw new Error(`${file} does not hold this once: ${was}`)

registerHooks({
  load(asked, context, nextLoad) {
    if (asked !== url.href) return nextLoad(asked, context)
    return { format: 'module-typescript', source: text.replace(was, () => is), shortCircuit: true }
  },
})
