import { execFile } from 'node:child_process'
import { setPriority } from 'node:os'
import { promisify } from 'node:util'
import t from 'tap'
import { BUGS } from './bugs.ts'

setPriority(19)

const run = promisify(execFile)
const SEARCH = ['--import', './test/helpers/seed.ts', 'test/model/search-seeded.ts']

for (const { name, in: scenario, ...seed } of BUGS) {
  t.test(`finds that ${name}`, async (t) => {
    const { stdout } = await run(process.execPath, SEARCH, {
      env: { ...process.env, SEED: JSON.stringify(seed), SCENARIO: scenario },
    })
    t.match(stdout, /, after: beginning; /)
    t.comment(stdout.split(', after: ')[0])
  })
}
