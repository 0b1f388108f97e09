/** The ways to the API server that a kubeconfig can describe, and what happens to the service when one of them is blocked. */
import { once } from 'node:events'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { KubeConfig } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { connect } from '../../src/kubernetes/connection.ts'
import { createLogger } from '../../src/logger.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { startPrefixProxy } from '../helpers/prefix-proxy.ts'
import { refuseSecrets } from '../helpers/refusing-policy.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId, SERVICE_IDENTITY, untilComplete } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const given = new KubeConfig()
given.loadFromFile(cluster.kubeconfig)
const { server, caData } = given.getCurrentCluster()!
const admin = given.getCurrentUser()!
const ca = Buffer.from(caData!, 'base64').toString()
given.loadFromFile(cluster.serviceKubeconfig)
const token = given.getCurrentUser()!.token!
const address = new URL(server)
const trusted = { 'certificate-authority-data': caData }

// The service's processes wait for pods and for tokens to expire: all wait together.
t.jobs = 6
const test = (title: string, body: (t: Test) => Promise<void>, skip: string | false = false) =>
  t.test(title, { buffered: true, skip }, body)

/** A kubeconfig beside the files that it names. */
function kubeconfigIn(t: Test, clusterFields: object, user: object, files: Record<string, string> = {}) {
  const config = {
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server, ...clusterFields } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    users: [{ name: 'a', user }],
  }
  const folder = t.testdir({ ...files, config: JSON.stringify(config) })
  return { folder, kubeconfig: join(folder, 'config') }
}

/** Who the API server takes us for, on the way that the kubeconfig describes. */
function asks(t: Test, kubeconfig: string, readMs = 5000) {
  const log = createLogger('fatal')
  const deadlinesMs = { read: readMs, write: 5000 }
  const { apis, close } = connect({ kubeconfig, environment: process.env, deadlinesMs, onCall: () => {}, log })
  t.teardown(close)
  return {
    apis,
    async whoAmI() {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
      return (await apis.authentication.createSelfSubjectReview({ body })).status!.userInfo!
    },
  }
}

test('knows the API server as the kubeconfig says, and no other', async (t) => {
  const user = { token }
  const data = { 'certificate-authority-data': caData }
  const works: Record<string, object> = {
    'an authority as data': data,
    'an authority in a file': { 'certificate-authority': 'ca.crt' },
    'another name': { ...data, 'tls-server-name': 'kubernetes.default.svc' },
    'an address as its name': { ...data, 'tls-server-name': address.hostname },
    'no look at its certificate': { 'insecure-skip-tls-verify': true, 'disable-compression': true },
  }
  for (const [what, fields] of Object.entries(works)) {
    const { kubeconfig } = kubeconfigIn(t, fields, user, { 'ca.crt': ca })
    t.equal((await asks(t, kubeconfig).whoAmI()).username, SERVICE_IDENTITY.username, what)
  }
  const fails: [fields: object, reason: object][] = [
    [{ ...data, 'tls-server-name': 'elsewhere' }, { message: /ERR_TLS_CERT_ALTNAME_INVALID/ }],
    [{}, { message: /could not be reached: \w*(CERT|ISSUER|SIGNATURE)\w*/ }],
    [{ 'certificate-authority-data': Buffer.from('-----BEGIN CERTIFICATE-----\nx').toString('base64') }, { status: 0 }],
    [{ 'certificate-authority': 'none' }, { reason: 'Credentials' }],
  ]
  await Promise.all(
    fails.map(async ([fields, reason]) => {
      const { kubeconfig } = kubeconfigIn(t, fields, user)
      await t.rejects(asks(t, kubeconfig).whoAmI(), { name: 'KubernetesError', meaning: 'unavailable', ...reason })
    }),
  )
})

test(
  'shows who it is as the kubeconfig says',
  async (t) => {
    const certificate = { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' }
    const [cert, key] = [admin.certData, admin.keyData].map((data) => Buffer.from(data!, 'base64').toString())
    const files = { 'tls.crt': cert!, 'tls.key': key!, token: `${token}\n` }
    const { username } = await asks(t, kubeconfigIn(t, trusted, certificate, files).kubeconfig).whoAmI()
    t.not(username, SERVICE_IDENTITY.username)
    const { kubeconfig } = kubeconfigIn(t, trusted, { tokenFile: './token' }, files)
    t.equal((await asks(t, kubeconfig).whoAmI()).username, SERVICE_IDENTITY.username)

    const apiVersion = 'client.authentication.k8s.io/v1beta1'
    const answer = { apiVersion, kind: 'ExecCredential', status: { clientCertificateData: cert, clientKeyData: key } }
    const exec = { apiVersion, command: './plugin.sh', env: [{ name: 'ANSWER', value: JSON.stringify(answer) }] }
    const program = kubeconfigIn(t, trusted, { exec }, { 'plugin.sh': '#!/bin/sh\nprintf %s "$ANSWER"\n' })
    chmodSync(join(program.folder, 'plugin.sh'), 0o755)
    t.equal((await asks(t, program.kubeconfig).whoAmI()).username, username, 'a certificate from a plugin')

    const as = {
      as: 'robot',
      'as-uid': '7',
      'as-groups': ['one', 'two'],
      'as-user-extra': { 'example.com/Scope': ['x', 'y'] },
    }
    const robot = await asks(t, kubeconfigIn(t, trusted, { ...certificate, ...as }, files).kubeconfig).whoAmI()
    t.match(robot, { username: 'robot', uid: '7', extra: { 'example.com/scope': ['x', 'y'] } })
    t.same(
      robot.groups!.filter((group) => !group.startsWith('system:')),
      ['one', 'two'],
    )
  },
  admin.certData ? false : 'an admin without a certificate',
)

test('goes through the proxy that the kubeconfig names', async (t) => {
  const proxies: [scheme: string, begin: (client: Socket, first: Buffer) => Promise<void>][] = [
    ['http', async (client) => void client.write('HTTP/1.1 200 Connection established\r\n\r\n')],
    ['socks5', answerSocks],
  ]
  for (const [scheme, begin] of proxies) {
    const { port, passed } = await startTunnel(t, begin)
    const { kubeconfig } = kubeconfigIn(t, { ...trusted, 'proxy-url': `${scheme}://127.0.0.1:${port}` }, { token })
    const { whoAmI } = asks(t, kubeconfig)
    for (let i = 0; i < 9; i++) t.equal((await whoAmI()).username, SERVICE_IDENTITY.username, scheme)
    t.ok(passed.length <= 2, `by ${passed.length} connections, which are kept`)
  }
  const { kubeconfig } = kubeconfigIn(t, { ...trusted, 'proxy-url': 'http://127.0.0.1:1' }, { token })
  await t.rejects(asks(t, kubeconfig).whoAmI(), { reason: 'Unreachable', message: /ECONNREFUSED/ })
})

test('gives up a connection whose other end has vanished', async (t) => {
  const { port, passed } = await startTunnel(t)
  const fields = { ...trusted, server: `https://127.0.0.1:${port}`, 'tls-server-name': address.hostname }
  const { apis } = asks(t, kubeconfigIn(t, fields, { token }).kubeconfig, 1000)
  await apis.version.getCode()
  await sleep(100) // It is free for the next call only a moment after the answer.
  for (const vanish of passed) vanish()
  t.match(await apis.version.getCode().catch((error: unknown) => error), { reason: 'Timeout' })
  await apis.version.getCode()
  t.pass('the next call takes another one')
})

/**
 * Passes on bytes to the API server. @param begin what a proxy says before that
 * @returns for each connection a function that makes both its ends vanish without a word
 */
async function startTunnel(t: Test, begin?: (client: Socket, first: Buffer) => Promise<void>) {
  const sockets: Socket[] = []
  const passed: (() => void)[] = []
  const tunnel: Server = createServer(async (client) => {
    sockets.push(client.on('error', () => {}))
    if (begin) await begin(client, (await once(client, 'data'))[0])
    const upstream = dial(Number(address.port), address.hostname).on('error', () => {})
    sockets.push(upstream)
    client.pipe(upstream).pipe(client)
    passed.push(() => {
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const)
        from.unpipe(to).pause()
    })
  }).listen(0, '127.0.0.1')
  await once(tunnel, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    tunnel.close()
  })
  return { port: (tunnel.address() as AddressInfo).port, passed }
}

/** A proxy that asks for no password, and takes every connection for one to the API server. */
async function answerSocks(client: Socket): Promise<void> {
  client.write(Buffer.from([5, 0]))
  await once(client, 'data')
  client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
}

test('works behind a path, as Rancher has it, and tells nothing there that it does not tell elsewhere', async (t) => {
  const { kubeconfig, prefix } = await startPrefixProxy(t, cluster.serviceKubeconfig)
  const service = await serve(t, cluster, { KUBECONFIG: kubeconfig, LOG_LEVEL: 'trace' })
  const { api } = service
  const userId = newUserId(t, cluster, 'prefix')
  t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi' })).status, 202)
  await until('it is listed, by what the watches see', async () => {
    const { body } = await api('GET', '/tenants')
    return body.items?.some((one: { userId: string }) => one.userId === userId)
  })
  await untilComplete(cluster, userId)

  const refused = newUserId(t, cluster, 'quoted')
  await refuseSecrets(t, cluster, namesFor(refused).secret)
  const apiKey = 'canary-behind-a-path'
  const answer = await api('POST', '/tenants', { userId: refused, ramSize: '128Mi', apiKey })
  t.match([answer.status, answer.body.code], [422, 'refused-by-cluster'])
  t.match(answer.body.detail, /ValidatingAdmissionPolicy/, 'who refuses is told')
  const said = JSON.stringify(answer.body) + service.log.join('')
  for (const text of [apiKey, btoa(apiKey), 'it holds']) t.notMatch(said, text)

  const metrics: string = (await api('GET', '/metrics')).body
  const resources = new Set(
    [...metrics.matchAll(/kubernetes_call_seconds_count{[^}]*resource="([^"]*)"/g)].map(([, name]) => name),
  )
  t.ok(
    ['namespaces', 'secrets', 'deployments', 'pods'].every((name) => resources.has(name)),
    [...resources].join(),
  )
  t.notOk(resources.has('unknown'))
  t.notMatch(metrics, new RegExp(`${userId}|${refused}|${prefix.split('/').at(-1)}`))
})

test('lives on while its credential plugin fails, from the start and later, and goes on when it works', async (t) => {
  const secret = 'hunter2 on stderr'
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: './plugin.sh',
    env: [{ name: 'FOLDER', value: t.testdirName }],
  }
  const files = { 'ca.crt': ca, token, broken: '', runs: '', 'plugin.sh': plugin(secret) }
  const { folder, kubeconfig } = kubeconfigIn(t, { 'certificate-authority': 'ca.crt' }, { exec }, files)
  chmodSync(join(folder, 'plugin.sh'), 0o755)
  const runs = () => readFileSync(join(folder, 'runs'), 'utf8').length
  const setFailing = (yes: boolean) =>
    yes ? writeFileSync(join(folder, 'broken'), '') : rmSync(join(folder, 'broken'))

  const service = await serve(t, cluster, { KUBECONFIG: kubeconfig })
  const { api, log } = service
  const untilRead = (wanted: number) =>
    until(`a read is answered ${wanted}`, async () => (await api('GET', '/tenants/none')).status === wanted)
  const isRefused = async () => {
    const { status, body, headers } = await api('POST', '/tenants', { userId: 'plugin', ramSize: '128Mi' })
    t.match([status, body.code, body.retryable], [503, 'cluster-unavailable', true], JSON.stringify(body))
    t.ok(headers.get('retry-after'))
    t.match(body.detail, /cannot show the cluster its credentials/)
    const health = async () => (await api('GET', '/readyz')).body.cluster
    await until('health knows', async () => (await health()).reason === 'Credentials')
    t.equal((await health()).reachable, false)
  }
  await isRefused()
  setFailing(false)
  await until('it is ready', async () => (await api('GET', '/readyz')).status === 200)
  await untilRead(404)

  setFailing(true)
  await untilRead(503) // Its token has expired.
  await isRefused()
  t.equal((await api('GET', '/readyz')).status, 200, 'it keeps its place behind its address')
  setFailing(false)
  await untilRead(404)
  const before = runs()
  const userId = newUserId(t, cluster, 'plugin')
  t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi' })).status, 202)
  await until('the watches go on too', async () => {
    const { body } = await api('GET', '/tenants')
    return body.items?.some((one: { userId: string }) => one.userId === userId)
  })
  t.ok(runs() - before < 5, `${runs() - before} runs: a token that holds is used again`)
  t.equal(service.process.exitCode ?? service.process.signalCode, null, 'it is still the same process')
  t.match(log.join(''), /the credential plugin \S+plugin\.sh ended with exit code 1/)
  t.notMatch(log.join(''), secret)
})

/** As a cloud's: prints a token that is valid for three seconds, and fails while there is a file `broken`. */
function plugin(secret: string): string {
  return `#!/bin/sh
cd "$FOLDER"
printf x >> runs
if [ -e broken ]; then echo "${secret}" >&2; exit 1; fi
EXPIRY=$(date -u -d '+3 seconds' +%Y-%m-%dT%H:%M:%SZ)
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"%s"}}' "$(cat token)" "$EXPIRY"
`
}
