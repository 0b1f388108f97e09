import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { renderSecret } from '../../src/manifests/secret.ts'
import { BY_LAUNCHER, fluxionctl, type Given } from '../helpers/fluxionctl.ts'
import { aSpec, observed, startingPod } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { app, cluster, keys } = await testApp(t, { bound: { scopes: ['read'], userId: 'b' } })
const address = await app.listen({ port: 0, host: '127.0.0.1' })
t.teardown(() => app.server.closeAllConnections())
const FILE = join(t.testdir(), 'folder', 'contexts.json')

const ctl = (args: string[], given: Given = {}) =>
  fluxionctl(args, { ...given, env: { FLUXIONCTL_CONFIG: FILE, ...given.env } })

function tenant(userId: string, pod = true): void {
  const spec = aSpec({ userId })
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  const shown = pod ? pods : [startingPod(spec, { state: { waiting: { reason: 'ErrImagePull', message: 'denied' } } })]
  for (const object of [
    ...Object.values(objects),
    ...replicaSets,
    ...shown,
    renderSecret(userId, 'the-key-of-the-database', '{}'),
  ])
    if (object) cluster.put(object)
}

t.before(async () => {
  const { code, out } = await ctl(['login', `${address}/`], { input: `${keys.admin}\n` })
  t.equal(code, 0)
  t.match(out, `Logged in to ${address} as context default`)
})

t.test(
  'keeps the credential in a file for its owner alone, and refuses one that the service does not know',
  async (t) => {
    t.equal(statSync(FILE).mode & 0o777, 0o600)
    const wrong = await ctl(['login', address, '--name', 'wrong'], { input: 'fxp_wrong_wrong' })
    t.equal(wrong.code, 1)
    t.match(wrong.err, /unauthenticated/)
    const { out } = await ctl(['contexts'])
    t.match(out, /\* +default +http/)
    t.notMatch(out, /wrong|fxp_/)
  },
)

t.test('lists tenants as people, scripts and programs like them', async (t) => {
  for (const userId of ['a', 'b']) tenant(userId)
  const [table, wide, names, json] = await Promise.all([
    ctl(['list']),
    ctl(['list', '-o', 'wide']),
    ctl(['list', '-o', 'name']),
    ctl(['list', '-o', 'json']),
  ])
  t.match(table.out, /^ID +STATE +RAM +STORAGE/)
  t.match(table.out, /\na +active +2Gi +4Gi/)
  t.notMatch(table.out, '\u001b', 'no colours in a pipe')
  t.match(wide.out, 'fluxiondb-a')
  t.equal(names.out, 'a\nb\n')
  t.match(JSON.parse(json.out), [{ userId: 'a', state: 'active' }, { userId: 'b' }])
})

t.test('shows what tenants were given, as a table and as CSV', async (t) => {
  tenant('a')
  const span = ['--from', '2026-01-01T00:00:00Z', '--to', '2026-01-02T00:00:00Z']
  const [table, csv, wrong] = await Promise.all([
    ctl(['bill', ...span]),
    ctl(['bill', ...span, '--csv']),
    ctl(['bill', '--from', 'yesterday']),
  ])
  t.match(table.out, /^ID +RAM GIB-HOURS +STORAGE GIB-HOURS/)
  t.match(table.out, /\na +\d+\.\d{3} +\d+\.\d{3}/)
  t.match(csv.out, /^userId,from,to,.*\na,2026-01-01T00:00:00\.000Z,/)
  t.equal(wrong.code, 1)
  t.match(wrong.err, /from: must match format "date-time"/)
})

t.test('completes what is typed, in each shell, from what its commands say of themselves', async (t) => {
  const shells = ['bash', 'zsh', 'fish']
  const scripts = await Promise.all(shells.map((shell) => ctl(['completion', shell])))
  for (const [index, { code, out }] of scripts.entries()) {
    t.equal(code, 0)
    t.match(out, 'fluxionctl complete --', shells[index]!)
  }
  const [commands, options, values] = await Promise.all([
    ctl(['complete', '--', 'ado']),
    ctl(['complete', '--', 'resize', '--st']),
    ctl(['complete', '--', 'resize', '--strategy', '']),
  ])
  t.match(commands.out, /^adoptable\t.*\nadopt\t/)
  t.match(options.out, /^--strategy\t/)
  t.match(values.out, /^auto\s+inPlace\s+restart\s/)
})

t.test('takes the service and the credential from the environment too', async (t) => {
  for (const userId of ['a', 'b']) tenant(userId)
  const env = { FLUXIONCTL_URL: address, FLUXIONCTL_CREDENTIAL: keys.bound, FLUXIONCTL_CONFIG: '/nowhere' }
  t.equal((await ctl(['list', '-o', 'name'], { env })).out, 'b\n')
})

t.test('shows a tenant, what was asked of it, and problems by their code', async (t) => {
  tenant('a')
  t.match((await ctl(['get', 'a'])).out, /userId: a\n/)
  t.match((await ctl(['operations', 'a'])).out, /create +succeeded/)
  const none = await ctl(['get', 'nobody'])
  t.equal(none.code, 1)
  t.match(none.err, /^Error: There is no such tenant\. \(tenant-not-found, request [0-9a-f-]+\)\n$/)
})

t.test('creates and changes tenants, and shows the plan before', async (t) => {
  tenant('a')
  const created = await ctl(['create', 'new', '--ram', '2Gi', '--no-wait'])
  t.equal(created.code, 0, created.err)
  t.match(created.out, /new: ws:\/\/.*\nIts key, which is shown this once: \S{16,}/)
  const planned = await ctl(['resize', 'a', '1Gi', '--yes', '--no-wait'])
  t.equal(planned.code, 0, planned.err)
  t.match(planned.out, /ram: 2Gi -> 1Gi\n(.*\n)*.*disruption: none/)
  t.match((await ctl(['get', 'a', '-o', 'json'])).out, /"ramSize": "1Gi"/)
})

t.test('does nothing that a person should confirm where there is nobody to ask', async (t) => {
  tenant('a')
  const resized = await ctl(['resize', 'a', '1Gi'])
  t.match(resized, { code: 2, err: /say --yes/ })
  t.match(await ctl(['purge', 'a']), { code: 2, err: /say --confirm a/ })
  t.match(await ctl(['purge', 'a', '--confirm', 'b']), { code: 2, err: /Nothing was done/ })
  t.match((await ctl(['get', 'a', '-o', 'json'])).out, /"ramSize": "2Gi"/)
})

t.test('says what is wrong, and shows the log', async (t) => {
  tenant('a')
  tenant('b', false)
  cluster.logs.set('pod-1', '2026-01-01T00:00:00Z listening\n')
  t.match(await ctl(['diagnose', 'a']), { code: 0, out: /nothing is found to be wrong/ })
  t.match(await ctl(['diagnose', 'b']), { code: 1, out: /image-pull: .*\n.*ErrImagePull: denied\n(.*\n)* {2}-> / })
  t.equal((await ctl(['logs', 'a'])).out, '2026-01-01T00:00:00Z listening\n')
  t.match((await ctl(['usage', 'a'])).out, /memory +- of 2\.0 GiB/)
  t.match(await ctl(['logs', 'a', '--tail', 'many']), { code: 2, err: /whole number/ })
})

t.test('explains itself, and what it did not understand', async (t) => {
  const help = await ctl(['--help'], { program: BY_LAUNCHER })
  t.equal(help.code, 0)
  for (const command of ['login', 'list', 'create', 'resize', 'purge', 'diagnose', 'logs']) t.match(help.out, command)
  t.match(await ctl(['lst']), { code: 2, err: /list/ })
  t.match(await ctl(['list', '--context', 'none']), { code: 2, err: /no context none/ })
})

t.test('says why it cannot connect, and does not try with a context that is not there', async (t) => {
  tenant('a')
  const kubeconfig = join(t.testdir(), 'kubeconfig')
  const cluster = { name: 'gone', cluster: { server: `https://127.0.0.1:${await portOfNobody()}` } }
  const context = { name: 'gone', context: { cluster: 'gone', user: 'gone' } }
  const config = { clusters: [cluster], users: [{ name: 'gone' }], contexts: [context], 'current-context': 'gone' }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const unreached = await ctl(['connect', 'a', '--kubeconfig', kubeconfig])
  t.match([unreached.code, unreached.err], [1, /Cannot read the Service: .*ECONNREFUSED/])
  const misnamed = await ctl(['connect', 'a', '--kubeconfig', kubeconfig, '--kube-context', 'other'])
  t.match([misnamed.code, misnamed.err], [2, /There is no context other/])
})

/** A port on which nobody listens any more. */
async function portOfNobody(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
