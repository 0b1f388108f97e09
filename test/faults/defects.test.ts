/** Whether the faults would find anything: the service with one defect at a time, and a fault that must make a difference then. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { WHOLE } from '../helpers/whole.ts'
import { DEFECTS } from './defects.ts'

const cluster = await testCluster()
const skip = WHOLE ? withoutResize(cluster) : 'it takes ten minutes: npm run test:faults'

t.test('defects of the service make ends that differ', { skip, timeout: 3_600_000 }, async (t) => {
  for (const { name, operation, faults, ...seed } of DEFECTS) {
    const env = {
      ...process.env,
      SEED: JSON.stringify(seed),
      OPERATIONS: operation,
      FAULTS: `^${operation}: ${faults}`,
      FAULTS_TABLE: join(t.testdir(), 'faults.json'),
    }
    const told = await new Promise<string>((resolve) => {
      execFile(process.execPath, ['test/faults/faults.test.ts'], { env, maxBuffer: 2 ** 26 }, (_error, stdout) =>
        resolve(stdout),
      )
    })
    const [sum] = /\d+ faults, [1-9]\d* hit, \d+ ends differed/.exec(told) ?? [told]
    t.match(sum, /[1-9]\d* ends differed/, name)
    t.comment(`${name}: ${sum}`)
  }
})
