/** `npm run demo`, the first command of the README: as somebody leaves it running, and as it cleans up after itself. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { namesFor } from '../../src/manifests/names.ts'
import { freePorts } from '../../tools/local-cluster/control-plane.ts'
import { apiOf, until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { removeNamespace } from '../helpers/tenant-objects.ts'

const DEMO = 'tools/demo.ts'

const cluster = await testCluster()
const { namespace } = namesFor('demo')

t.test('the demo', { skip: withoutPods(cluster) }, async (t) => {
  t.teardown(() => removeNamespace(cluster, namespace))

  t.test('shows a tenant that is used and gets more RAM, and serves on until Ctrl-C', async (t) => {
    const [port] = await freePorts(1)
    const { child, printed } = demo({ PORT: String(port) })
    t.teardown(() => child.kill('SIGKILL'))
    await until('it says how to go on', async () => printed().includes('Ctrl-C') || child.exitCode !== null, 120)
    t.match(printed(), `http://127.0.0.1:${port}`)
    const key = /credential +(\S+)/.exec(printed())![1]!
    const { body } = await apiOf({ address: `http://127.0.0.1:${port}`, key })('GET', '/tenants/demo')
    t.match(body, { state: 'active', desired: { ramSize: '1Gi' }, actual: { ramSize: '1Gi' } })
    child.kill('SIGINT')
    t.strictSame(await once(child, 'close'), [0, null], printed())
  })

  t.test('leaves nothing behind if it is run once', async (t) => {
    const { child, printed } = demo({}, '--once')
    t.strictSame(await once(child, 'close'), [0, null], printed())
    t.match(printed(), /It works/)
    await t.rejects(cluster.admin.core.readNamespace({ name: namespace }), { code: 404 })
  })
})

function demo(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [DEMO, '--cluster', cluster.name, ...args], { env: { ...process.env, ...env } })
  let text = ''
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (text += chunk))
  return { child, printed: () => text }
}
