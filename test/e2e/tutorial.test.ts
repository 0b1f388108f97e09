/** The tutorial as a reader goes through it: at a terminal, with its own commands, from the login to the purge. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { commandsOf, shellBlocks } from '../helpers/documents.ts'
import { DIRECTLY } from '../helpers/fluxionctl.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'
import { atTerminal, type Reply } from '../helpers/terminal.ts'

const PAGE = 'docs/tutorial.md'
const NAME = 'user123'

const cluster = await testCluster()

t.test('the tutorial does what it says', { skip: withoutResize(cluster) }, async (t) => {
  const { address, key } = await serveResizes(t, cluster)
  const userId = newUserId(t, cluster, 'tutorial')
  const home = t.testdir()
  const bin = join(home, 'bin')
  mkdirSync(bin)
  const program = [process.execPath, ...DIRECTLY].map((word) => `'${word}'`).join(' ')
  writeFileSync(join(bin, 'fluxionctl'), `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 })
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home }

  const page = readFileSync(PAGE, 'utf8')
  const [demo, ...commands] = shellBlocks(PAGE).flatMap(commandsOf)
  t.match(demo, /npm run demo/, 'which test/e2e/demo.test.ts runs')
  const purge = /`(npx fluxionctl purge [^`]+)`/.exec(page)![1]!
  const typed = [...page.matchAll(/^user123> (.*)$/gm)].map(([, line]) => line!)
  const prompt = new RegExp(`${userId}> $`)
  const replies: Record<string, readonly Reply[]> = {
    login: [[/Credential/, key]],
    connect: [...typed, 'exit'].map((line) => [prompt, line]),
    resize: [[/\(y\/N\)/, 'y']],
    purge: [[/once more/, userId]],
  }
  const shows: Record<string, RegExp> = {
    create: /shown this once/,
    connect: /inserted[\s\S]*\{"celsius": ?21\.5\}/,
    resize: /ram: 256Mi -> 512Mi[\s\S]*disruption: none/,
    purge: new RegExp(`${userId} is (gone|being removed)`),
  }
  for (const said of [...commands, purge]) {
    const verb = /fluxionctl (\S+)/.exec(said)![1]!
    const command = said
      .replace('npx fluxionctl', 'fluxionctl')
      .replace('http://127.0.0.1:3000', address)
      .replace(/--kubeconfig \S+/, `--kubeconfig ${cluster.kubeconfig}`)
      .replaceAll(NAME, userId)
    const { code, screen } = await atTerminal(command, replies[verb] ?? [], env)
    t.equal(code, 0, `${said}:\n${screen}`)
    t.match(screen, shows[verb] ?? /./)
    t.notMatch(screen, key, 'the credential is not shown')
  }
})
