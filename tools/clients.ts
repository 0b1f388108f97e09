/** Generates the clients that need more than Node from the OpenAPI document: `npm run generate:clients`. */
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './local-cluster/run.ts'

const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.0'
const OPENAPI_PYTHON_CLIENT = 'openapi-python-client==0.29.0'
const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))
const DOCUMENT = path('openapi/openapi.json')

console.log('Go ...')
await run('go', ['run', OAPI_CODEGEN, '--config', 'oapi-codegen.yaml', DOCUMENT], { cwd: path('clients/go') })

console.log('Python ...')
const folder = await mkdtemp(join(tmpdir(), 'python-client-'))
try {
  await run('python3', ['-m', 'venv', join(folder, 'venv')])
  await run(join(folder, 'venv/bin/pip'), ['install', '--quiet', OPENAPI_PYTHON_CLIENT])
  const made = join(folder, 'made')
  const config = path('clients/python/openapi-python-client.yaml')
  const templates = path('clients/python/templates')
  const args = ['generate', '--path', DOCUMENT, '--config', config, '--custom-template-path', templates]
  await run(join(folder, 'venv/bin/openapi-python-client'), [...args, '--output-path', made])
  const generated = path('clients/python/fluxiondb_provisioner/generated')
  await rm(generated, { recursive: true, force: true })
  await cp(join(made, 'fluxiondb_provisioner'), generated, { recursive: true })
} finally {
  await rm(folder, { recursive: true, force: true })
}

// A test holds it against the document, so that nobody has to have Go and Python to see that a client is stale.
const digest = createHash('sha256')
  .update(await readFile(DOCUMENT))
  .digest('hex')
await writeFile(path('clients/openapi.sha256'), `${digest}\n`)
