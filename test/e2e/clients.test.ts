/** The same story by each generated client that is not TypeScript, against the service on a real cluster. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { runs } from '../../tools/local-cluster/run.ts'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const run = promisify(execFile)
const cluster = await testCluster()
const withoutGo = (await runs('go', ['version'])) ? false : 'no Go on this machine'

t.test('the client in Go', { skip: withoutResize(cluster) || withoutGo, timeout: 400_000 }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const env = {
    ...process.env,
    PROVISIONER_URL: address,
    PROVISIONER_KEY: key,
    PROVISIONER_USER: newUserId(t, cluster, 'in-go'),
  }
  const cwd = fileURLToPath(new URL('../../clients/go', import.meta.url))
  const { stdout } = await run('go', ['test', '-count=1', '-v', './...'], { cwd, env }).catch((error) => error)
  t.match(stdout, /--- PASS: TestStory/, stdout)
  t.notMatch(stdout, /--- (FAIL|SKIP)/)
})
