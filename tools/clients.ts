/** Generates the clients that need more than Node from the OpenAPI document: `npm run generate:clients`. */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { run } from './local-cluster/run.ts'

const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.0'
const DOCUMENT = new URL('../openapi/openapi.json', import.meta.url)
const GO = new URL('../clients/go/', import.meta.url)

console.log('Go ...')
const args = ['run', OAPI_CODEGEN, '--config', 'oapi-codegen.yaml', '../../openapi/openapi.json']
await run('go', args, { cwd: GO.pathname })
// A test holds it against the document, so that nobody has to have Go to see that the client is stale.
const digest = createHash('sha256')
  .update(await readFile(DOCUMENT))
  .digest('hex')
await writeFile(new URL('openapi.sha256', GO), `${digest}\n`)
