/** The story of a tenant by the clients in Go and Python against the service on a real cluster, and what the one in TypeScript is told of it meanwhile. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { follow } from '../../clients/typescript/index.ts'
import { runs } from '../../tools/local-cluster/run.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const run = promisify(execFile)
const cluster = await testCluster()
const folder = (name: string) => fileURLToPath(new URL(`../../clients/${name}`, import.meta.url))
const without = async (program: string, ...args: string[]) =>
  (await runs(program, args)) ? false : `no ${program} on this machine`
const withoutGo = await without('go', 'version')
const withoutPython = await without('python3', '-c', 'import venv, ensurepip')

t.test('generated clients', { skip: withoutResize(cluster), timeout: 400_000 }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const environment = (userId: string) => ({
    ...process.env,
    PROVISIONER_URL: address,
    PROVISIONER_KEY: key,
    PROVISIONER_USER: userId,
  })
  t.jobs = 2

  t.test('the one in Go, and what the one in TypeScript is told meanwhile', { skip: withoutGo }, async (t) => {
    const userId = newUserId(t, cluster, 'in-go')
    const told = statesOf(address, key, userId)
    const options = { cwd: folder('go'), env: environment(userId) }
    const { stdout } = await run('go', ['test', '-count=1', '-v', './...'], options).catch((error) => error)
    t.match(stdout, /--- PASS: TestStory/, stdout)
    t.notMatch(stdout, /--- (FAIL|SKIP)/)

    const states = await told
    const inOrder = ['creating', 'active', 'resizing', 'active', 'deleted', 'active', 'deleting', 'gone']
    t.strictSame(inOrder.filter(following(states)), inOrder, `it was told: ${states.join(', ')}`)
  })

  t.test('the one in Python', { skip: withoutPython }, async (t) => {
    const venv = join(t.testdir(), 'venv')
    const python = join(venv, 'bin', 'python')
    await run('python3', ['-m', 'venv', venv])
    await run(python, ['-m', 'pip', 'install', '--quiet', folder('python')])
    const options = { cwd: folder('python'), env: environment(newUserId(t, cluster, 'in-python')) }
    const tests = await run(python, ['-m', 'unittest', 'discover', '-s', 'tests'], options).catch((error) => error)
    t.match(tests.stderr, /\nOK\n/, tests.stderr)
    const story = await run(python, ['story.py'], options).catch((error) => error)
    t.match(story.stdout, /has ended well/, story.stderr)
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
