/**
 * Requests that schemathesis makes up from the OpenAPI document, right ones and wrong ones, and sequences of them, against the service
 * on a real cluster: with each scope, and without a credential. `TEST_WHOLE=1` sends many more.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { SCOPES, type Scope } from '../../src/credentials/identity.ts'
import { runs } from '../../tools/local-cluster/run.ts'
import { apiOf, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { removeNamespace } from '../helpers/tenant-objects.ts'
import { WHOLE } from '../helpers/whole.ts'

const run = promisify(execFile)
const SCHEMATHESIS = 'schemathesis==4.32.5'
const DOCUMENT = fileURLToPath(new URL('../../openapi/openapi.json', import.meta.url))
/** What is no failure: `open`, a service that says it has too much to do; `closed`, refusals alone. */
const configOf = (name: 'open' | 'closed') => fileURLToPath(new URL(`${name}.toml`, import.meta.url))
/** Of every operation; each costs a real request. */
const [EXAMPLES, EXAMPLES_OF_SCOPES] = WHOLE ? [60, 10] : [4, 1]
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]
/** They go on for ever. */
const LASTING = ['streamTenants', 'streamTenant']
/** Scopes by which nothing is made that costs room. */
const LOOKING = SCOPES.filter((scope) => scope !== 'admin' && scope !== 'write')

const cluster = await testCluster()
const skip = (await runs('python3', ['-c', 'import venv, ensurepip'])) ? false : 'no python3 with venv on this machine'

t.test(
  'no request that can be made up from the document is answered beside it',
  { skip, timeout: 3_600_000 },
  async (t) => {
    const folder = t.testdir()
    const before = new Set(await namespaces())
    t.teardown(async () => {
      for (const name of await namespaces()) if (!before.has(name)) await removeNamespace(cluster, name)
    })
    // What is made up costs the node little: the document's own examples do, and they work.
    const service = await serve(t, cluster, { RAM_MAX: '4Gi', REQUESTS_PER_MINUTE: '0', FAILURES_PER_MINUTE: '0' })
    await until('it knows the cluster', async () => (await service.api('GET', '/readyz')).status === 200)
    await run('python3', ['-m', 'venv', join(folder, 'venv')])
    await run(join(folder, 'venv/bin/pip'), ['install', '--quiet', '--disable-pip-version-check', SCHEMATHESIS])

    const attack = async (t: Test, what: string, key: string | undefined, more: string[]) => {
      const answered = await run(
        join(folder, 'venv/bin/schemathesis'),
        [
          ...[
            '--config-file',
            configOf(key === undefined ? 'closed' : 'open'),
            'run',
            DOCUMENT,
            '--url',
            service.address,
            '--no-color',
            '--continue-on-failure',
          ],
          ...['--checks', CHECKS.join(','), '--request-timeout', '60', '--no-shrink', '--warnings', 'off'],
          ...(key === undefined ? [] : ['--header', `Authorization:Bearer ${key}`]),
          ...LASTING.flatMap((id) => ['--exclude-operation-id', id]),
          ...more,
        ],
        { cwd: folder, maxBuffer: 2 ** 28 },
      ).catch((error) => error)
      const { code = 0, stdout } = answered as { code?: number; stdout: string }
      const [cases = ''] = /\d+ generated.*/.exec(stdout) ?? []
      t.comment(`${what}: ${cases}`)
      t.equal(code, 0, `${what}: ${code === 0 ? cases : stdout}`)
    }

    await t.test('with every right', async (t) => {
      await attack(t, 'admin', service.key, ['--max-examples', String(EXAMPLES)])
      const { body } = await service.api('GET', '/metrics')
      const answered = (status: number) =>
        new RegExp(`http_request_seconds_count\\{.*status="${status}"\\} [1-9]`).test(body)
      for (const status of [200, 202, 400, 404, 409]) t.ok(answered(status), `some were answered ${status}`)
    })
    await t.test('with one scope each', async (t) => {
      const keys: [Scope, string][] = []
      for (const scope of LOOKING) keys.push([scope, await service.addCredential({ name: scope, scopes: [scope] })])
      await until('they are known', async () => {
        const answers = await Promise.all(keys.map(([, key]) => apiOf(service, key)('GET', '/tenants/nobody')))
        return answers.every(({ status }) => status !== 401)
      })
      const phases = ['--phases', 'fuzzing', '--max-examples', String(EXAMPLES_OF_SCOPES)]
      for (const [scope, key] of WHOLE ? keys : keys.slice(0, 2)) await attack(t, scope, key, phases)
    })
    await t.test('without a credential nothing is answered but what is public', async (t) => {
      const closed = ['--phases', 'examples,fuzzing', '--max-examples', String(EXAMPLES_OF_SCOPES)]
      const isPublic = ['livez', 'readyz'].flatMap((id) => ['--exclude-operation-id', id])
      await attack(t, 'nobody', undefined, [...closed, ...isPublic])
    })
  },
)

async function namespaces(): Promise<string[]> {
  const { items } = await cluster.admin.core.listNamespace({ labelSelector: 'fluxiondb.com/tenant' })
  return items.map(({ metadata }) => metadata!.name!)
}
