/** The commands of how-to guides, as they stand there, one page after the other: a back end makes a tenant, an operator looks after it. */
import t from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { shellBlocks } from '../helpers/documents.ts'
import { bash, FLUXIONCTL, programs } from '../helpers/programs.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const PAGES = ['docs/how-to/integrate.md', 'docs/how-to/operate.md']

const cluster = await testCluster()

t.test('what how-to guides tell people to run works', { skip: withoutResize(cluster) }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const userId = newUserId(t, cluster, 'guide')
  const env = {
    ...process.env,
    PATH: programs(t.testdir(), { fluxionctl: FLUXIONCTL }),
    PROVISIONER_URL: address,
    PROVISIONER_KEY: key,
    FLUXIONCTL_URL: address,
    FLUXIONCTL_CREDENTIAL: key,
  }
  for (const page of PAGES) {
    for (const block of shellBlocks(page)) {
      const script = block.replaceAll('user123', userId)
      const { code, told } = await bash(script, { env })
      t.equal(code, 0, `${page}:\n${script}\n${told}`)
      t.notMatch(told, key)
    }
  }
})
