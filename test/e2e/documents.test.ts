/** The commands of how-to guides, as they stand there, one page after the other: a back end makes a tenant, an operator looks after it. */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { shellBlocks } from '../helpers/documents.ts'
import { DIRECTLY } from '../helpers/fluxionctl.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const PAGES = ['docs/how-to/integrate.md', 'docs/how-to/operate.md']

const cluster = await testCluster()

t.test('what how-to guides tell people to run works', { skip: withoutResize(cluster) }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const userId = newUserId(t, cluster, 'guide')
  const bin = join(t.testdir(), 'bin')
  mkdirSync(bin)
  const program = [process.execPath, ...DIRECTLY].map((word) => `'${word}'`).join(' ')
  writeFileSync(join(bin, 'fluxionctl'), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 })
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    PROVISIONER_URL: address,
    PROVISIONER_KEY: key,
    FLUXIONCTL_URL: address,
    FLUXIONCTL_CREDENTIAL: key,
  }
  for (const page of PAGES) {
    for (const block of shellBlocks(page)) {
      const script = block.replaceAll('user123', userId)
      const { code, told } = await bash(script, env)
      t.equal(code, 0, `${page}:\n${script}\n${told}`)
      t.notMatch(told, key)
    }
  }
})

function bash(script: string, env: NodeJS.ProcessEnv): Promise<{ code: number; told: string }> {
  return new Promise((resolve) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, told: stdout + stderr }),
    )
  })
}
