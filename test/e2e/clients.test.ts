/** The story of a tenant by the client in Go against the service on a real cluster, and what the one in TypeScript is told of it meanwhile. */
import { execFile } from 'node:child_process'
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
const withoutGo = (await runs('go', ['version'])) ? false : 'no Go on this machine'

t.test('the client in Go', { skip: withoutResize(cluster) || withoutGo, timeout: 400_000 }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const userId = newUserId(t, cluster, 'in-go')
  const env = { ...process.env, PROVISIONER_URL: address, PROVISIONER_KEY: key, PROVISIONER_USER: userId }
  const told = statesOf(address, key, userId)
  const cwd = fileURLToPath(new URL('../../clients/go', import.meta.url))
  const { stdout } = await run('go', ['test', '-count=1', '-v', './...'], { cwd, env }).catch((error) => error)
  t.match(stdout, /--- PASS: TestStory/, stdout)
  t.notMatch(stdout, /--- (FAIL|SKIP)/)

  const states = await told
  const inOrder = ['creating', 'active', 'resizing', 'active', 'deleted', 'active', 'deleting', 'gone']
  t.strictSame(inOrder.filter(following(states)), inOrder, `it was told: ${states.join(', ')}`)
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
