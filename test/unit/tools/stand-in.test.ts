import { spawnSync } from 'node:child_process'
import t from 'tap'

const folder = new URL('../../../tools/stand-in/', import.meta.url)
const hasGo = spawnSync('go', ['version']).status === 0

t.test('the stand-in passes its own tests', { skip: hasGo ? false : 'Go is not installed' }, async (t) => {
  const { status, stdout, stderr } = spawnSync('go', ['test', './...'], { cwd: folder, encoding: 'utf8' })
  t.equal(status, 0, `${stdout}${stderr}`)
})
