import t from 'tap'
import { ConfigError, printConfig, readConfig } from '../../src/config.ts'

const MiB = 2n ** 20n

/** The lines of what is wrong with an environment; none if nothing is. */
function complaints(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.lines
    throw error
  }
  return []
}

t.test('needs no setting at all', async (t) => {
  t.strictSame(readConfig({}), {
    HOST: '',
    PORT: 3000,
    LOG_LEVEL: 'info',
    AUDIT_FILE: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: '',
    KUBECONFIG: '',
    API_KEYS_FILE: '',
    FIRST_CREDENTIAL: '',
    OIDC_ISSUER: '',
    OIDC_AUDIENCE: '',
    OIDC_ALGORITHMS: 'RS256,ES256',
    OIDC_SCOPES_CLAIM: 'scope',
    OIDC_SCOPE_PREFIX: 'fluxiondb:',
    OIDC_TENANT_CLAIM: '',
    OIDC_CA_FILE: '',
    TOKEN_REVIEW_AUDIENCE: '',
    TLS_CERT_FILE: '',
    TLS_KEY_FILE: '',
    TLS_CLIENT_CA_FILE: '',
    TRUSTED_PROXIES: '',
    FAILURES_PER_MINUTE: 60,
    IMAGE: 'volandoo/fluxiondb:latest',
    IMAGE_PULL_POLICY: 'IfNotPresent',
    STORAGE_CLASS: '',
    PRIORITY_CLASS: '',
    RAM_MIN: '128Mi',
    RAM_MAX: '64Gi',
    CPU_REQUEST_PERCENT: 100,
    FLUSH_INTERVAL_SECONDS: 15,
    LIVENESS_PROBE: 'exec',
    NETWORK_POLICY: 'on',
    POLICY_FILE: '',
    SCRATCH_NAMESPACE: 'fluxiondb-provisioner-scratch',
    READS: 'live',
    LEASE: '',
    TENANT_ROLE: 'fluxiondb-provisioner-tenant',
    OPERATION_TIMEOUT_SECONDS: 600,
    VOLUME_TIMEOUT_SECONDS: 300,
    RESIZE_TIMEOUT_SECONDS: 120,
    RETENTION_DAYS: 0,
    USAGE_NAMESPACE: '',
    USAGE_DAYS: 400,
    KUBERNETES_TIMEOUT_SECONDS: 8,
    KUBERNETES_WRITE_TIMEOUT_SECONDS: 36,
    REQUESTS_PER_MINUTE: 6000,
    LINGER_SECONDS: 2,
    DRAIN_SECONDS: 30,
    ramBounds: { min: 128n * MiB, max: 65536n * MiB },
  })
})

t.test('takes an empty variable for one that is not set', async (t) => {
  t.strictSame(readConfig({ PORT: '', IMAGE: '', RAM_MIN: '' }), readConfig({}))
})

t.test('reads what is set', async (t) => {
  const config = readConfig({
    PORT: '0',
    IMAGE: 'a/b:1',
    RAM_MAX: '1.5Gi',
    NETWORK_POLICY: 'off',
    RETENTION_DAYS: '30',
  })
  t.match(config, { PORT: 0, IMAGE: 'a/b:1', NETWORK_POLICY: 'off', RETENTION_DAYS: 30 })
  t.equal(config.ramBounds.max, 1536n * MiB)
})

t.test('takes an image with a tag, a digest or both', async (t) => {
  const digest = `sha256:${'0f'.repeat(32)}`
  for (const image of ['a', 'host:5000/a', 'a/b:1.4', `a@${digest}`, `host:5000/a:1.4.2@${digest}`]) {
    t.strictSame(complaints({ IMAGE: image }), [], image)
  }
})

t.test('cannot be changed once it is read', async (t) => {
  const config = readConfig({})
  t.throws(() => Object.assign(config, { PORT: 1 }), { name: 'TypeError' })
  t.throws(() => Object.assign(config.ramBounds, { max: 1n }), { name: 'TypeError' })
})

const BAD: [name: string, ...values: string[]][] = [
  ['PORT', '-1', '65536', 'http', '80abc', '1.2.3', 'NaN'],
  ['LOG_LEVEL', 'INFO', 'verbose'],
  ['IMAGE', 'two words', 'a:', 'a:b:c', 'a@sha256:0f', `a:1@${'0'.repeat(64)}`, '@', '/'],
  ['PRIORITY_CLASS', 'two words', 'High'],
  ['IMAGE_PULL_POLICY', 'always', 'Sometimes'],
  ['RAM_MIN', '0', '1 GiB', '512m', '-1Gi', '0.1'],
  ['RAM_MAX', 'much'],
  ['CPU_REQUEST_PERCENT', '0', '101', '-5'],
  ['FLUSH_INTERVAL_SECONDS', '0', '3601'],
  ['LIVENESS_PROBE', 'http'],
  ['NETWORK_POLICY', 'true', 'ON', 'none'],
  ['OPERATION_TIMEOUT_SECONDS', '9', '86401'],
  ['RETENTION_DAYS', '-1', '36501', 'never'],
  ['KUBERNETES_TIMEOUT_SECONDS', '0', '61'],
  ['LINGER_SECONDS', '-1', '61'],
  ['DRAIN_SECONDS', '0', '601'],
]

for (const [name, ...values] of BAD) {
  t.test(`refuses a bad ${name} by its name`, async (t) => {
    for (const value of values) t.match(complaints({ [name]: value }), [new RegExp(`^${name}: `)], value)
  })
}

t.test('takes numbers as they are written, and refuses what is not quite one', async (t) => {
  for (const value of ['true', '0.9', '1e3', '0x10', '30.5', '1_000']) {
    t.match(complaints({ RETENTION_DAYS: value }), [/^RETENTION_DAYS: /], value)
  }
})

t.test('refuses bounds that leave no size', async (t) => {
  t.strictSame(complaints({ RAM_MIN: '2Gi', RAM_MAX: '1024Mi' }), ['RAM_MIN: 2Gi is more than RAM_MAX, 1Gi'])
  t.strictSame(complaints({ RAM_MIN: '2Gi', RAM_MAX: '2048Mi' }), [])
})

t.test('names everything that is wrong at once', async (t) => {
  const lines = complaints({ PORT: 'x', RAM_MIN: '0', LOG_LEVEL: 'loud', IMAGE_PULL_POLICI: 'Always' })
  t.same(lines.map((line) => line.split(':')[0]).sort(), ['IMAGE_PULL_POLICI', 'LOG_LEVEL', 'PORT', 'RAM_MIN'])
  t.throws(() => readConfig({ PORT: 'x' }), { message: /^the settings are not valid:\n {2}PORT: "x"/ })
})

t.test('finds misspelt names, and says which was meant', async (t) => {
  const misspelt = {
    STORAGE_CLAS: 'STORAGE_CLASS',
    STORAGE_CLSAS: 'STORAGE_CLASS',
    API_KEY_FILE: 'API_KEYS_FILE',
    KUBECONFG: 'KUBECONFIG',
    RAM_MX: 'RAM_MAX',
    Storage_Class: 'STORAGE_CLASS',
    ram_max: 'RAM_MAX',
    Port: 'PORT',
  }
  for (const [variable, meant] of Object.entries(misspelt)) {
    t.strictSame(complaints({ [variable]: '/x' }), [`${variable}: unknown setting; do you mean ${meant}?`])
  }
})

t.test('leaves variables alone that are for somebody else', async (t) => {
  const others = [
    'PATH',
    'HOME',
    'HOSTNAME',
    'USER',
    'SHELL',
    'PWD',
    'LANG',
    'TERM',
    'EDITOR',
    'NODE_ENV',
    'NODE_OPTIONS',
  ]
  const kubernetes = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBERNETES_PORT', 'NODE_PORT', 'POD_NAME']
  const tools = ['port', 'host', 'image', 'npm_package_name', 'npm_config_cache', 'GOPATH', 'HTTPS_PROXY', 'NODE_IMAGE']
  for (const name of [...others, ...kubernetes, ...tools]) t.strictSame(complaints({ [name]: 'x' }), [], name)
})

t.test('prints every setting in force with what it is for', async (t) => {
  const lines = printConfig(readConfig({ PORT: '81' })).split('\n')
  t.equal(lines.length, Object.keys(readConfig({})).length - 1, 'all but what is derived')
  for (const line of lines) t.match(line, /^[A-Z_]+=\S* +# [A-Za-z0]/)
  t.ok(lines.some((line) => line.startsWith('PORT=81 ')))
})
