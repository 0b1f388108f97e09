import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { AuditTrail } from '../../src/audit/trail.ts'
import { main } from '../../src/cli.ts'
import { digest } from '../../src/credentials/credential.ts'
import { parseCredentials } from '../../src/credentials/store.ts'
import { VERSION } from '../../src/version.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/fluxiondb-provisioner.mjs', import.meta.url))

// Starting Node is most of what some do: these run side by side.
t.jobs = 2

const KUBECONFIG = JSON.stringify({
  'current-context': 'a',
  clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
  users: [{ name: 'a', user: {} }],
})

type Ended = { code: number; stdout: string; stderr: string }

/** Runs the command line with no settings but the given ones. */
function run(args: string[], settings: Record<string, string> = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', ...settings }
  return new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

/** The same in this process, which spares the start of another. */
async function runHere(t: Test, args: string[]): Promise<Ended> {
  const [log, error] = [t.capture(console, 'log'), t.capture(console, 'error')]
  const code = (await main(args, {})) ?? 0
  const text = (capture: typeof log) =>
    capture()
      .map(({ args }) => `${args.join(' ')}\n`)
      .join('')
  return { code, stdout: text(log), stderr: text(error) }
}

t.test('renders the manifests of a tenant as YAML, with a placeholder for its key', { buffered: true }, async (t) => {
  const { code, stdout, stderr } = await run(['render', '--user', 'user123', '--ram', '2Gi'], { STORAGE_CLASS: 'fast' })
  t.equal(code, 0)
  t.equal(stderr, '')
  const documents = parseAllDocuments(stdout)
  t.same(
    documents.flatMap(({ errors }) => errors),
    [],
  )
  const objects = documents.map((document) => document.toJS())
  t.same(
    objects.map(({ kind }) => kind),
    [
      'Namespace',
      'Secret',
      'RoleBinding',
      'ResourceQuota',
      'PersistentVolumeClaim',
      'Service',
      'NetworkPolicy',
      'Deployment',
    ],
  )
  t.equal(atob(objects[1].data['secret-key']), 'REPLACE-WITH-THE-KEY')
  t.match(objects[4].spec, { storageClassName: 'fast', resources: { requests: { storage: '4Gi' } } })
  t.equal(objects[7].spec.template.spec.containers[0].resources.limits.memory, '2Gi')
})

t.test('prints the OpenAPI document as it is committed', { buffered: true }, async (t) => {
  const { code, stdout } = await run(['openapi'])
  t.equal(code, 0)
  t.equal(stdout, readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
})

t.test('prints the settings in force', { buffered: true }, async (t) => {
  const { code, stdout } = await run(['config'], { PORT: '81' })
  t.equal(code, 0)
  t.match(stdout, /^PORT=81 +# /m)
  t.match(stdout, /^RAM_MAX=64Gi +# /m)
})

t.test('makes a credential, and the entry by which the service knows it', { buffered: true }, async (t) => {
  const options = [
    '--scope',
    'read',
    '--scope',
    'resize',
    '--user',
    'user123',
    '--max-ram',
    '4Gi',
    '--expires',
    '2030-01-01',
  ]
  const { code, stdout } = await run(['keys', 'create', '--name', 'shop', ...options, '--json'])
  t.equal(code, 0)
  const { key, entry } = JSON.parse(stdout)
  t.match(key, /^fxp_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/)
  t.equal(entry.sha256, createHash('sha256').update(key).digest('hex'))
  t.match(entry, {
    name: 'shop',
    scopes: ['read', 'resize'],
    userId: 'user123',
    maxRamSize: '4Gi',
    expiresAt: '2030-01-01T00:00:00Z',
  })
  t.equal(parseCredentials(JSON.stringify({ keys: [entry] })).keys.size, 1)
})

t.test('makes a credential that people can read too', async (t) => {
  const { code, stdout } = await runHere(t, ['keys', 'create', '--name', 'shop', '--scope', 'read'])
  t.equal(code, 0)
  const [, key = ''] = /^credential, shown only now: (fxp_\S+)$/m.exec(stdout) ?? []
  const entry = JSON.parse(stdout.slice(stdout.indexOf('{')))
  t.equal(entry.sha256, digest(key).toString('hex'))
})

const COMMANDS = ['serve', 'render', 'openapi', 'config', 'keys', 'adopt']

for (const help of [['--help'], ['-h'], ['help']]) {
  t.test(`shows how it is used: ${help}`, async (t) => {
    const { code, stdout, stderr } = await runHere(t, help)
    t.strictSame([code, stderr], [0, ''])
    for (const command of COMMANDS) t.match(stdout, new RegExp(`^  ${command} `, 'm'))
  })
}

for (const command of [...COMMANDS.map((name) => [name]), ['keys', 'create']]) {
  const line = command.join(' ')
  t.test(`shows how ${line} is used, and does nothing`, async (t) => {
    const { code, stdout, stderr } = await runHere(t, [...command, '--help'])
    t.strictSame([code, stderr], [0, ''])
    t.match(stdout, `Usage: fluxiondb-provisioner ${line}`)
  })
}

for (const option of ['--version', '-V']) {
  t.test(`prints its version: ${option}`, async (t) => {
    t.strictSame(await runHere(t, [option]), { code: 0, stdout: `${VERSION}\n`, stderr: '' })
  })
}

t.test('proposes the command that was meant', async (t) => {
  const { code, stderr } = await runHere(t, ['serv'])
  t.equal(code, 2)
  t.match(stderr, /Did you mean serve\?/)
})

t.test('ends with 2 and a line for everything that is wrong with the settings', { buffered: true }, async (t) => {
  const { code, stdout, stderr } = await run(['config'], { PORT: 'x', STORAGE_CLAS: 'fast' })
  t.equal(code, 2)
  t.equal(stdout, '')
  t.same(stderr.trimEnd().split('\n').length, 3)
  t.match(stderr, /PORT: "x"/)
  t.match(stderr, /STORAGE_CLAS: .* do you mean STORAGE_CLASS\?/)
})

const WRONG: [args: string[], says: RegExp][] = [
  [[], /Usage: fluxiondb-provisioner \[options\] \[command\]/],
  [['destroy'], /unknown command 'destroy'/],
  [['render', '--ram', '2Gi'], /required option '--user <id>' not specified/],
  [['render', '--user', 'user123'], /required option '--ram <size>' not specified/],
  [['render', '--user', 'Nobody', '--ram', '2Gi'], /'--user <id>' argument 'Nobody' is invalid. It must match/],
  [['render', '--user', 'user123', '--ram', 'much'], /'--ram <size>' argument 'much' is invalid. It must be a number/],
  [['render', '--user', 'user123', '--ram', '2Gi', '--colour', 'red'], /--colour/],
  [['openapi', 'please'], /too many arguments for 'openapi'/],
  [['serve', '--now'], /--now/],
  [['adopt', '--key-file', 'key'], /either --all or --user/],
  [['adopt', '--all', '--user', 'user123', '--key-file', 'key'], /either --all or --user/],
  [['adopt', '--user', 'Nobody', '--key-file', 'key'], /'--user <id>' argument 'Nobody' is invalid/],
  [['adopt', '--all'], /required option '--key-file <file>' not specified/],
  [['adopt', '--all', '--key-file', '/no/such/file'], /--key-file .*ENOENT/],
  [['keys'], /Usage: fluxiondb-provisioner keys/],
  [['keys', 'create', '--scope', 'read'], /required option '--name <name>' not specified/],
  [['keys', 'create', '--name', 'shop'], /required option '--scope <scope>' not specified/],
  [['keys', 'create', '--name', 'shop', '--scope', 'everything'], /argument 'everything' is invalid. Scopes are read/],
  [
    ['keys', 'create', '--name', 'shop', '--scope', 'read', '--user', 'Nobody'],
    /'--user <id>' argument 'Nobody' is invalid/,
  ],
  [['keys', 'create', '--name', 'shop', '--scope', 'read', '--max-ram', 'much'], /maxRamSize: must be a number/],
  [['keys', 'create', '--name', 'shop', '--scope', 'read', '--expires', 'soon'], /expiresAt: no date/],
]

for (const [args, says] of WRONG) {
  t.test(`says what is wrong with "${args.join(' ')}" and ends with 2`, async (t) => {
    const { code, stdout, stderr } = await runHere(t, args)
    t.equal(code, 2)
    t.equal(stdout, '')
    t.match(stderr, says)
    t.notMatch(stderr, /\n +at /, 'no stack')
  })
}

t.test('audit verify says whether a trail is whole', async (t) => {
  const file = join(t.testdir(), 'audit.jsonl')
  const trail = AuditTrail.open(file, {} as never)
  for (const status of [201, 202]) {
    trail.record({ credential: 'a', action: 'POST /tenants', tenant: 'a', status, aborted: false, requestId: '1' })
  }
  const whole = await run(['audit', 'verify', file])
  t.match([whole.code, whole.stdout], [0, /CHAIN[\s\S]* 2 [\s\S]*Nothing was changed/])
  writeFileSync(file, readFileSync(file, 'utf8').replace('201', '500'))
  t.match(await run(['audit', 'verify', file]), { code: 1, stderr: /line 1: entry 1 of chain .* was changed/ })
  t.match(await run(['audit', 'verify', `${file}.gone`]), { code: 2, stderr: /There is no file/ })
})

t.test('serve says by its setting that a file cannot be used', { buffered: true }, async (t) => {
  const gone = '/no/such/folder/file'
  const settings: Record<string, Record<string, string>> = {
    API_KEYS_FILE: { API_KEYS_FILE: gone },
    POLICY_FILE: { POLICY_FILE: gone },
    TLS_CERT_FILE: { TLS_CERT_FILE: gone, TLS_KEY_FILE: gone },
    OIDC_CA_FILE: { OIDC_CA_FILE: gone, OIDC_ISSUER: 'https://login.example.com', OIDC_AUDIENCE: 'a' },
  }
  const kubeconfig = join(t.testdir({ config: KUBECONFIG }), 'config')
  for (const [name, given] of Object.entries(settings)) {
    const { code, stderr } = await run(['serve'], { KUBECONFIG: kubeconfig, ...given })
    t.match([code, stderr], [2, new RegExp(`${name}.*: cannot be used \\(ENOENT\\)`)])
  }
})

t.test('serve says by its setting that the audit cannot be written', async (t) => {
  for (const AUDIT_FILE of [t.testdir(), '/no/such/folder/audit.jsonl']) {
    const { code, stderr } = await run(['serve'], { AUDIT_FILE })
    t.match([code, stderr], [2, /AUDIT_FILE: cannot be used \(E(ISDIR|NOENT)\)/])
  }
})
