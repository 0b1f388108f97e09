/**
 * What the pages about charts tell people to run, as it stands there, in the order of a life with Helm: a database by its own chart, the
 * service, its takeover, an upgrade and the way back, the service outside of the cluster, the end.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import t from 'tap'
import { helmProgram } from '../../../tools/helm.ts'
import { kubectlProgram } from '../../../tools/kubectl.ts'
import { freePorts } from '../../../tools/local-cluster/control-plane.ts'
import { apiOf, until } from '../../helpers/api.ts'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { shellBlocks } from '../../helpers/documents.ts'
import { bash, FLUXIONCTL, NPX, programs } from '../../helpers/programs.ts'
import { releaseOf } from '../../helpers/release.ts'
import { tenantAt } from '../../helpers/resized-tenant.ts'
import { newUserId } from '../../helpers/tenant-objects.ts'

/** A small machine has room for these. */
const SIZES: Record<string, string> = { '2Gi': '128Mi', '4Gi': '256Mi', '8Gi': '512Mi' }

const cluster = await testCluster()
const skip = withoutPods(cluster) || (cluster.kind === 'node' ? false : 'only a node of ours can be given the image')

t.test('what pages about charts tell people to run works', { skip, timeout: 500_000 }, async (t) => {
  const userId = newUserId(t, cluster, 'guide')
  // The one of the pages is that of other tests, whose account is in it.
  const namespace = `service-${userId}`
  const release = releaseOf(t, cluster, 'provisioner', namespace)
  const kubectl = await kubectlProgram(() => {})
  const [port, outsidePort] = (await freePorts(2)) as [number, number]
  const forwarded = `http://127.0.0.1:${port}`
  const folder = t.testdir({
    charts: t.fixture('symlink', resolve('charts')),
    '.kube': { config: readFileSync(cluster.kubeconfig, 'utf8') },
  })
  const env: NodeJS.ProcessEnv = {
    PATH: programs(folder, {
      helm: await helmFor(release),
      ...(kubectl === 'kubectl' ? {} : { kubectl: `exec '${kubectl}' "$@"` }),
      npx: NPX,
      fluxionctl: FLUXIONCTL,
    }),
    HOME: folder,
    KUBECONFIG: cluster.kubeconfig,
  }
  const blocksOf = (page: string) =>
    shellBlocks(page).map((block) =>
      block
        .replaceAll('user123', userId)
        .replaceAll('--namespace fluxiondb-provisioner', `--namespace ${namespace}`)
        .replaceAll('RELEASE', 'provisioner')
        .replaceAll('3000:80', `${port}:80`)
        .replaceAll(/\b[248]Gi\b/g, (size) => SIZES[size]!)
        .replaceAll(/ adopt .*/g, (adopt) => `${adopt} --url ${forwarded}`),
    )
  const does = async (block: string | undefined): Promise<string> => {
    const { code, told } = await bash(block!, { env, cwd: folder })
    t.equal(code, 0, `${block}\n${told}`)
    return told
  }
  /** What goes on until it is stopped. */
  const begins = (block: string | undefined, more: NodeJS.ProcessEnv = {}) => {
    const options = { env: { ...env, ...more }, cwd: folder, detached: true, stdio: 'ignore' } as const
    const child = spawn('bash', ['-euo', 'pipefail', '-c', block!], options)
    const stop = () => (child.exitCode ?? child.signalCode) === null && process.kill(-child.pid!, 'SIGTERM')
    t.teardown(stop)
    return { stop }
  }
  const memory = async () => {
    const { spec } = await tenantAt(cluster, apiOf({ address: forwarded, key: '' }), userId).deployment()
    return spec?.template.spec?.containers[0]?.resources?.limits?.memory
  }

  const [installDatabase, upgradeDatabase, uninstallDatabase, ...ofDatabase] = blocksOf('charts/fluxiondb/README.md')
  await does(installDatabase)
  t.equal(await memory(), SIZES['2Gi'])
  await does(upgradeDatabase)
  t.equal(await memory(), SIZES['4Gi'])
  await does(uninstallDatabase)
  await t.rejects(memory(), { code: 404 })
  // The claim is there still, and never shrinks.
  await does(installDatabase!.replace(SIZES['4Gi']!, SIZES['8Gi']!))

  const [install, readCredential, makeCredential, serveOutside, ...ofInstall] = blocksOf('docs/how-to/install.md')
  t.match(await does(install), /TEST SUITE[\s\S]*Succeeded/)
  const key = /^fxp_\S+$/m.exec(await does(readCredential))![0]
  writeFileSync(join(folder, 'admin.key'), key, { mode: 0o600 })
  const { address, api } = await release.service(key)
  Object.assign(env, { FLUXIONCTL_URL: address, FLUXIONCTL_CREDENTIAL: key })
  t.equal((await api('GET', '/tenants')).status, 200, 'the credential opens it')
  const [makeExpiring, ...ofAuthenticate] = blocksOf('docs/how-to/authenticate.md')
  for (const make of [makeCredential, makeExpiring]) {
    await does(make)
    const made = JSON.parse(readFileSync(join(folder, 'key.json'), 'utf8'))
    t.match(made, { key: /^fxp_/, entry: { name: 'signup', scopes: ['read', 'write'] } })
  }

  const [give, forward, tryOut, adopt, ...ofMigration] = blocksOf('docs/how-to/migrate-from-helm.md')
  const tenant = tenantAt(cluster, api, userId)
  const before = await tenant.runs()
  await does(give)
  const forwarding = begins(forward)
  await until('the service is forwarded', () => accepts(port))
  t.match(await does(tryOut), new RegExp(`${userId} .* possible`))
  t.match(await does(adopt), `${userId}: taken over; restart: none`)
  forwarding.stop()
  t.strictSame(await tenant.runs(), before, 'the same pod and container')

  const [upgrade, restart, ...ofUpgrade] = blocksOf('docs/how-to/upgrade.md')
  await does(upgrade)
  t.strictSame(await tenant.runs(), before, 'an upgrade restarts nothing')
  await does(restart)
  t.match(await tenant.get(), { state: 'active', adoptedFrom: `db-${userId}` })
  const after = await tenant.runs()
  t.notSame(after, before, 'the restart that was asked for')
  await does(`helm rollback provisioner --namespace ${namespace} --wait`)
  t.strictSame(await tenant.runs(), after, 'neither does the way back')

  await does(`helm uninstall provisioner --namespace ${namespace} --wait`)
  begins(serveOutside, { PORT: String(outsidePort) })
  const outside = await until('the service outside has its key', async () => {
    if (!(await accepts(outsidePort))) return undefined
    const { key } = JSON.parse(readFileSync(join(folder, 'key.json'), 'utf8'))
    const api = apiOf({ address: `http://127.0.0.1:${outsidePort}`, key })
    return (await api('GET', '/readyz')).status === 200 ? api : undefined
  })
  t.match((await outside('GET', `/tenants/${userId}`)).body, { state: 'active', adoptedFrom: `db-${userId}` })
  const purged = await outside('DELETE', `/tenants/${userId}?purge=true`, undefined, { prefer: 'wait=60' })
  t.equal(purged.status, 204)
  const [installAgain, tidyUp, ...ofService] = blocksOf('charts/fluxiondb-provisioner/README.md')
  t.match(install, installAgain!.trim())
  t.match(await does(tidyUp), /priorityclass.*deleted/)

  const others = [ofDatabase, ofInstall, ofAuthenticate, ofMigration, ofUpgrade, ofService].flat()
  t.strictSame(others, [], 'no command of these pages is left out')
})

/** Helm, that installs what this cluster has. */
async function helmFor(release: ReturnType<typeof releaseOf>): Promise<string> {
  const program = await helmProgram(() => {})
  const [repository, tag] = cluster.image.split(/:(?=[^:]+$)/)
  const ofDatabase = {
    'image.repository': repository,
    'image.tag': tag,
    'persistence.storageClass': cluster.storageClasses.expanding,
    'resources.requests.cpu': '10m',
    'env.flushInterval': '1',
  }
  const set = Object.entries(ofDatabase).map(([path, value]) => `--set=${path}=${value}`)
  return `case "$*" in
  install\\ *charts/fluxiondb-provisioner* | upgrade\\ *charts/fluxiondb-provisioner*)
    set -- "$@" --wait --timeout=180s ${release.values(await release.image()).join(' ')} ;;
  install\\ *charts/fluxiondb* | upgrade\\ *charts/fluxiondb*)
    set -- "$@" --wait --timeout=120s ${set.join(' ')} ;;
esac
exec '${program}' "$@"`
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.end() && true))
    socket.on('error', () => resolve(false))
  })
}
