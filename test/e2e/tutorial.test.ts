/** The tutorial and the page of the command line, as a reader goes through them: at a terminal, with their own commands. */
import { readFileSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { testCluster, withoutResize } from '../helpers/cluster.ts'
import { commandsOf, shellBlocks } from '../helpers/documents.ts'
import { FLUXIONCTL, programs } from '../helpers/programs.ts'
import { serveResizes } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'
import { atTerminal, INTERRUPT, type Reply } from '../helpers/terminal.ts'
import { pictureOf } from '../helpers/terminal-picture.ts'

const TUTORIAL = 'docs/tutorial.md'
const COMMAND_LINE = 'fluxionctl/README.md'
const NAME = 'user123'
/** What the terminal shows of these; WRITE_PICTURE=1 draws it anew. */
const PICTURE = 'docs/fluxionctl.svg'
const DRAWN = ['create', 'resize']
const KEY = /(?<=shown this once: )\S+/
/** A small machine has room for these. */
const SIZES: Record<string, string> = { '2Gi': '128Mi', '4Gi': '256Mi' }

const cluster = await testCluster()
const here = { skip: withoutResize(cluster) }

t.test('the tutorial does what it says', here, async (t) => {
  const { userId, types } = await reader(t)
  const page = readFileSync(TUTORIAL, 'utf8')
  const [demo, ...commands] = shellBlocks(TUTORIAL).flatMap(commandsOf)
  t.match(demo, /npm run demo/, 'which test/e2e/demo.test.ts runs')
  const purge = /`(npx fluxionctl purge [^`]+)`/.exec(page)![1]!
  const lines = [...page.matchAll(/^user123> (.*)$/gm)].map(([, line]) => line!)
  let drawn = ''
  for (const said of [...commands, purge]) {
    const { code, verb, written, screen } = await types(said, lines)
    t.equal(code, 0, `${said}:\n${screen}`)
    if (DRAWN.includes(verb)) drawn += `$ ${said.replace('npx ', '')}\r\n${written}\r\n`
  }
  const picture = await pictureOf('fluxionctl', drawn.replaceAll(userId, NAME).replace(KEY, '...'))
  t.match(picture, /disruption: none/)
  if (process.env.WRITE_PICTURE) writeFileSync(PICTURE, picture)
})

t.test('so does the page of the command line', here, async (t) => {
  const { types } = await reader(t)
  for (const said of shellBlocks(COMMAND_LINE).flatMap(commandsOf)) {
    const { code, verb, screen } = await types(said)
    t.equal(code, verb === 'logs' ? 130 : 0, `${said}:\n${screen}`)
  }
})

/** Somebody with a service and a cluster, who types what a page says. */
async function reader(t: Test) {
  const { address, key } = await serveResizes(t, cluster)
  const userId = newUserId(t, cluster, 'tutorial')
  const home = t.testdir({ '.kube': { config: readFileSync(cluster.kubeconfig, 'utf8') } })
  const env = { PATH: programs(home, { fluxionctl: FLUXIONCTL }), HOME: home }
  const prompt = new RegExp(`${userId}> $`)

  /** @param lines for the prompt of a database */
  async function types(said: string, lines: readonly string[] = []) {
    const verb = /fluxionctl (\S+)/.exec(said)![1]!
    const replies: Record<string, readonly Reply[]> = {
      login: [[/Credential/, key]],
      connect: [...lines, 'exit'].map((line) => [prompt, line]),
      resize: [[/\(y\/N\)/, 'y']],
      purge: [[/once more/, userId]],
      logs: [[/listening/, INTERRUPT]],
    }
    const shows: Record<string, RegExp> = {
      create: /shown this once/,
      connect: lines.length > 0 ? /inserted[\s\S]*\{"celsius": ?21\.5\}/ : new RegExp(`${userId}> `),
      resize: /ram: \d+Mi -> \d+Mi[\s\S]*disruption: none/,
      purge: new RegExp(`${userId} is (gone|being removed)`),
      diagnose: new RegExp(userId),
    }
    const command = said
      .replace('npx fluxionctl', 'fluxionctl')
      .replace(/(?<=login )\S+/, address)
      .replace(/--kubeconfig \S+/, `--kubeconfig ${cluster.kubeconfig}`)
      .replaceAll(/\b[24]Gi\b/g, (size) => SIZES[size]!)
      .replaceAll(NAME, userId)
    const { code, written, screen } = await atTerminal(command, replies[verb] ?? [], env)
    if (shows[verb]) t.match(screen, shows[verb], command)
    t.notMatch(screen, key, 'the credential is not shown')
    return { code, verb, written, screen }
  }
  return { userId, types }
}
