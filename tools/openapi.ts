/**
 * `npm run lint:openapi`: holds the OpenAPI document to the recommended rules of Redocly and Spectral, and to the document of the
 * last release, which clients in the field are generated from: no change may break them.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { binaries } from './local-cluster/binaries.ts'
import { withProgress } from './local-cluster/progress.ts'
import { run, runs } from './local-cluster/run.ts'

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))
const DOCUMENT = path('openapi/openapi.json')
/** A release writes it: `cp openapi/openapi.json openapi/released.json`. */
const RELEASED = path('openapi/released.json')
const LINT = path('tools/openapi-lint')
/** Answers may say what they have not said before: clients have to take that, and ours do. */
const SEVERITIES = path('tools/openapi-lint/severities.txt')

if (!existsSync(`${LINT}/node_modules`)) await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: LINT })
console.log((await run(process.execPath, [`${LINT}/lint.mjs`, DOCUMENT])).trim())
if (await runs('go', ['version'])) {
  const { oasdiff } = await withProgress((report) => binaries(['oasdiff'], report))
  console.log(
    (await run(oasdiff, ['breaking', RELEASED, DOCUMENT, '--fail-on', 'ERR', '--severity-levels', SEVERITIES])).trim(),
  )
} else console.log('skipped: what would break clients, as there is no Go on this machine to build oasdiff with')
