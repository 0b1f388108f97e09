/** The story of a tenant by the clients in Go and Python against the service on a real cluster, and what the one in TypeScript is told of it meanwhile. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { follow } from '../../clients/typescript/index.ts'
import { runs } from '../../tools/local-cluster/run.ts'
import { forwardDatabase } from '../../tools/open-database.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const run = promisify(execFile)
/** Of the story in Python, to talk to the database. */
const WEBSOCKETS = 'websockets==17.4'
const cluster = await testCluster()
const folder = (name: string) => fileURLToPath(new URL(`../../clients/${name}`, import.meta.url))
const without = async (program: string, ...args: string[]) =>
  (await runs(program, args)) ? false : `no ${program} on this machine`
const withoutGo = await without('go', 'version')
const withoutPython = await without('python3', '-c', 'import venv, ensurepip')

t.test('generated clients', { skip: withoutResize(cluster), timeout: 400_000 }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const inOrder = ['active', 'resizing', 'active', 'deleted', 'active', 'deleting', 'gone']
  /** What a story is told: its service, its tenant, and a door to the database, as it runs outside the cluster. */
  const environmentOf = async (t: Test, userId: string) => {
    const door = await forwardDatabase(cluster.kubeconfig, userId)
    t.teardown(door.close)
    const names = { URL: address, KEY: key, USER: userId, DATABASE: `ws://127.0.0.1:${door.port}` }
    const entries = Object.entries(names).map(([name, value]) => [`PROVISIONER_${name}`, value])
    return { ...process.env, ...Object.fromEntries(entries) }
  }
  /** What the story itself was told by its stream, which begins when the tenant is active. */
  const toldIn = (stdout: string) => /it was told: (.*)/.exec(stdout)?.[1]?.match(/[\w-]+/g) ?? []
  t.jobs = 2

  t.test('the one in Go, and what the one in TypeScript is told meanwhile', { skip: withoutGo }, async (t) => {
    const userId = newUserId(t, cluster, 'in-go')
    const told = statesOf(address, key, userId)
    const tests = await run('go', ['test', '-count=1', './...'], { cwd: folder('go') }).catch((error) => error)
    t.match(tests.stdout, /^ok /, tests.stdout)
    const options = { cwd: folder('go/story'), env: await environmentOf(t, userId) }
    const { stdout, stderr } = await run('go', ['run', '.'], options).catch((error) => error)
    t.match(stdout, /has ended well/, stderr)
    const states = await told
    t.strictSame(['creating', ...inOrder].filter(following(states)), ['creating', ...inOrder], states.join(', '))
    t.strictSame(inOrder.filter(following(toldIn(stdout))), inOrder, stdout)
  })

  t.test('the one in Python', { skip: withoutPython }, async (t) => {
    const venv = join(t.testdir(), 'venv')
    const python = join(venv, 'bin', 'python')
    await run('python3', ['-m', 'venv', venv])
    await run(python, ['-m', 'pip', 'install', '--quiet', folder('python'), WEBSOCKETS])
    const options = { cwd: folder('python'), env: await environmentOf(t, newUserId(t, cluster, 'in-python')) }
    const tests = await run(python, ['-m', 'unittest', 'discover', '-s', 'tests'], options).catch((error) => error)
    t.match(tests.stderr, /\nOK\n/, tests.stderr)
    const { stdout, stderr } = await run(python, ['story.py'], options).catch((error) => error)
    t.match(stdout, /has ended well/, stderr)
    t.strictSame(inOrder.filter(following(toldIn(stdout))), inOrder, stdout)
  })
})

/** The states that a stream tells of a tenant, from its creation to its end. */
async function statesOf(address: string, key: string, userId: string): Promise<string[]> {
  const states: string[] = []
  for await (const told of follow(address, key)) {
    if (told.event === 'deleted' && told.userId === userId) return [...states, 'gone']
    if (told.event !== 'tenant' || told.tenant.userId !== userId) continue
    if (states.at(-1) !== told.tenant.state) states.push(told.tenant.state)
  }
  return states
}

/** Whether each state comes somewhere behind the one before it. */
function following(states: readonly string[]): (state: string) => boolean {
  let at = 0
  return (state) => {
    const found = states.indexOf(state, at)
    if (found !== -1) at = found + 1
    return found !== -1
  }
}
