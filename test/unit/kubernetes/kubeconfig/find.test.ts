import { delimiter, join } from 'node:path'
import t, { type Test } from 'tap'
import type { ClusterAccess } from '../../../../src/kubernetes/kubeconfig/access.ts'
import { findAccess, KubeconfigError } from '../../../../src/kubernetes/kubeconfig/find.ts'

const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n'
const SECRET = 'hunter2'

/** A kubeconfig of one cluster and one user. */
function fileOf(cluster: object, user: object | null = {}, name = 'trial'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [{ name, user }],
  })
}

/** The access of a file in a folder of its own, which is what relative paths in it are relative to. */
function accessBy(t: Test, text: string): { access: ClusterAccess; folder: string } {
  const folder = t.testdir({ config: text })
  return { access: findAccess(join(folder, 'config'), {}), folder }
}

/** What is said of a file that cannot be used, without its path. */
function complaintsOf(t: Test, text: string): string {
  const folder = t.testdir({ config: text })
  try {
    findAccess(join(folder, 'config'), {})
  } catch (error) {
    if (error instanceof KubeconfigError) return error.message.replaceAll(join(folder, 'config'), 'FILE')
    throw error
  }
  return 'none'
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('reads all that kubectl reads of a cluster', async (t) => {
  const { access, folder } = accessBy(
    t,
    fileOf({
      server: 'https://10.0.0.1:6443/k8s/clusters/c-xyz/',
      'certificate-authority': 'pki/ca.crt',
      'tls-server-name': 'kubernetes',
      'proxy-url': 'socks5://proxy:1080',
      'disable-compression': true,
    }),
  )
  t.match(access, {
    server: 'https://10.0.0.1:6443/k8s/clusters/c-xyz',
    ca: { file: join(folder, 'pki/ca.crt') },
    skipTlsVerify: false,
    tlsServerName: 'kubernetes',
    proxyUrl: 'socks5://proxy:1080',
  })
  const both = { 'certificate-authority': '/etc/ca.crt', 'certificate-authority-data': base64(PEM) }
  t.strictSame(accessBy(t, fileOf(both)).access.ca, { data: PEM }, 'data overrides a file')
  t.strictSame(accessBy(t, fileOf({ 'certificate-authority': '/etc/ca.crt' })).access.ca, { file: '/etc/ca.crt' })
  t.equal(accessBy(t, fileOf({ 'insecure-skip-tls-verify': true })).access.skipTlsVerify, true)
})

t.test('reads an address without a scheme as kubectl does', async (t) => {
  const serverOf = (cluster: object) => accessBy(t, fileOf(cluster)).access.server
  t.equal(serverOf({ server: '10.0.0.1:6443', 'certificate-authority': 'ca.crt' }), 'https://10.0.0.1:6443')
  t.equal(serverOf({ server: 'localhost:8080' }), 'http://localhost:8080')
})

t.test('reads all that kubectl reads of a user', async (t) => {
  const { access, folder } = accessBy(
    t,
    fileOf({}, { 'client-certificate': 'tls.crt', 'client-key': '/etc/tls.key', tokenFile: './token', token: SECRET }),
  )
  t.match(access, {
    certificate: { file: join(folder, 'tls.crt') },
    key: { file: '/etc/tls.key' },
    token: { file: join(folder, 'token'), fallback: SECRET },
  })
  const identity = (user: object) => accessBy(t, fileOf({}, user)).access
  t.strictSame(identity({ token: SECRET }).token, { data: SECRET })
  t.equal(identity({ username: 'me', password: SECRET }).basic, `Basic ${base64(`me:${SECRET}`)}`)
  const data = { 'client-certificate-data': base64(PEM), 'client-key-data': base64(PEM) }
  t.match(identity(data), { certificate: { data: PEM }, key: { data: PEM } })
  const nobody = { certificate: undefined, key: undefined, token: undefined, basic: undefined, exec: undefined }
  t.match(accessBy(t, fileOf({}, null)).access, nobody, 'a user of whom nothing is said')
  t.match(identity({ token: null, tokenFile: '', exec: null }), nobody, 'fields that are not set')
})

t.test('reads a credential plugin, and uses it only if nothing else proves the user', async (t) => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './plugin.sh',
    args: ['--empty', ''],
    env: [{ name: 'A', value: 'b' }, { name: 'EMPTY' }],
    interactiveMode: 'IfAvailable',
    installHint: 'apt install plugin',
    provideClusterInfo: true,
  }
  const extensions = [
    { name: 'other', extension: { a: 1 } },
    { name: 'client.authentication.k8s.io/exec', extension: { audience: 'me' } },
  ]
  const { access, folder } = accessBy(t, fileOf({ 'tls-server-name': 'kubernetes', extensions }, { exec }))
  t.strictSame(access.exec, {
    command: join(folder, 'plugin.sh'),
    args: ['--empty', ''],
    env: { A: 'b', EMPTY: '' },
    apiVersion: 'client.authentication.k8s.io/v1',
    installHint: 'apt install plugin',
    cluster: { server: 'https://10.0.0.1:6443', 'tls-server-name': 'kubernetes', config: { audience: 'me' } },
  })
  const onPath = { ...exec, command: 'aws', provideClusterInfo: false }
  t.match(accessBy(t, fileOf({}, { exec: onPath })).access.exec, { command: 'aws', cluster: undefined })
  const beta = { ...exec, apiVersion: 'client.authentication.k8s.io/v1beta1', interactiveMode: null }
  t.ok(accessBy(t, fileOf({}, { exec: beta })).access.exec, 'the older version needs no mode')
  t.equal(accessBy(t, fileOf({}, { exec, token: SECRET })).access.exec, undefined)
})

t.test('reads whose rights are asked for', async (t) => {
  const user = {
    as: 'robot',
    'as-uid': '7',
    'as-groups': ['a', 'b'],
    'as-user-extra': { 'example.com/Scope(s)': ['x', 'y'] },
  }
  t.strictSame(accessBy(t, fileOf({}, user)).access.impersonation, {
    'Impersonate-User': ['robot'],
    'Impersonate-Uid': ['7'],
    'Impersonate-Group': ['a', 'b'],
    'Impersonate-Extra-example.com%2FScope%28s%29': ['x', 'y'],
  })
})

t.test('shows nobody over a connection that anyone can read, unless the kubeconfig insists', async (t) => {
  const server = 'http://127.0.0.1:8001'
  t.equal(accessBy(t, fileOf({ server }, { token: SECRET })).access.token, undefined)
  const insisting = { server, 'insecure-skip-tls-verify': true }
  t.strictSame(accessBy(t, fileOf(insisting, { token: SECRET })).access.token, { data: SECRET })
})

t.test(
  'merges files: the first that says something holds, and paths are those of the file that says them',
  async (t) => {
    const folder = t.testdir({
      a: {
        config: JSON.stringify({
          clusters: [{ name: 'trial', cluster: { server: 'https://first', 'certificate-authority': 'ca' } }],
        }),
      },
      b: { config: fileOf({ server: 'https://second' }, { tokenFile: 'token' }) },
      c: { config: fileOf({ server: 'https://third' }, {}, 'other') },
    })
    const files = ['', join(folder, 'none'), ...['a', 'b', 'c'].map((name) => join(folder, name, 'config'))]
    t.match(findAccess(files.join(delimiter), {}), {
      server: 'https://first',
      ca: { file: join(folder, 'a', 'ca') },
      token: { file: join(folder, 'b', 'token') },
    })
  },
)

t.test('looks into the home directory, then for the account of the pod', async (t) => {
  const folder = t.testdir({
    home: { '.kube': { config: fileOf({ server: 'https://home' }) } },
    account: { token: SECRET, 'ca.crt': PEM },
  })
  const account = join(folder, 'account')
  const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
  t.equal(findAccess('', { HOME: join(folder, 'home'), ...pod }, account).server, 'https://home')
  t.match(findAccess('', { HOME: folder, ...pod }, account), {
    server: 'https://[fd00::1]',
    ca: { file: join(account, 'ca.crt') },
    token: { file: join(account, 'token') },
  })
  t.throws(() => findAccess('', { HOME: folder }, account), { message: /KUBECONFIG is not set/ })
  t.throws(() => findAccess(join(folder, 'none'), pod, account), { message: /none: there is no such file/ })
})

t.test('says plainly what is wrong, or not supported, and quotes no secret', async (t) => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'plugin', interactiveMode: 'Never' }
  const table: [text: string, complaint: RegExp][] = [
    ['', /there is no current-context/],
    ['[]', /FILE: \/: expected object/],
    [`users: [{name: a, user: {token: [${SECRET}}]`, /FILE: line 1 is not YAML/],
    [`users: [{name: a, user: {token: 12345678}}]`, /FILE: \/users\/0\/user\/token: expected string/],
    ['current-context: a', /the current-context a is not among the contexts/],
    ['{current-context: a, contexts: [{name: a, context: {cluster: b, user: c}}]}', /no cluster b\n.*no user c/],
    [fileOf({ server: null }), /cluster trial: there is no server/],
    [fileOf({ server: 'ftp://x' }), /server is not the URL/],
    [fileOf({ server: `https://me:${SECRET}@x` }), /server is not the URL/],
    [fileOf({ 'proxy-url': 'socks4://x' }), /proxy-url is not the URL/],
    [fileOf({ 'certificate-authority-data': SECRET }), /certificate-authority-data is not PEM in base64/],
    [fileOf({ 'insecure-skip-tls-verify': 'maybe' }), /insecure-skip-tls-verify: expected boolean/],
    [fileOf({}, { 'client-key-data': base64(SECRET) }), /client-key-data is not PEM in base64/],
    [fileOf({}, { 'client-certificate': 'a.crt' }), /client-certificate without a client-key/],
    [fileOf({}, { token: SECRET, username: 'me' }), /both a token and a user name/],
    [fileOf({}, { 'as-groups': ['a'] }), /as-uid, as-groups and as-user-extra need as/],
    [
      fileOf({}, { 'auth-provider': { name: 'oidc', config: { 'id-token': SECRET } } }),
      /user trial: auth-provider oidc is not supported/,
    ],
    [fileOf({}, { exec: { ...exec, command: '' } }), /exec names no command/],
    [fileOf({}, { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } }), /exec.apiVersion must be/],
    [
      fileOf({}, { exec: { ...exec, interactiveMode: 'Always' } }),
      /Always is not supported: a service has no terminal/,
    ],
    [fileOf({}, { exec: { ...exec, interactiveMode: null } }), /exec.interactiveMode must be/],
    [fileOf({ server: null }, { token: SECRET, password: SECRET }), /no server\n.*both a token/],
  ]
  for (const [text, complaint] of table) {
    const said = complaintsOf(t, text)
    t.match(said, complaint, text)
    t.notMatch(said, SECRET)
  }
})
