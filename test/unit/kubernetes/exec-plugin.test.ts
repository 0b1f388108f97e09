import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ExecPlugin } from '../../../src/kubernetes/exec-plugin.ts'
import type { ExecCommand } from '../../../src/kubernetes/kubeconfig/access.ts'

const V1 = 'client.authentication.k8s.io/v1'
const SECRET = 'hunter2'

// Each waits for programs, so all wait together.
t.jobs = 8
const test = (title: string, body: (t: Test) => Promise<void>) => t.test(title, { buffered: true }, body)

type Answer = { apiVersion?: string; status?: object | null; expiresIn?: number }

/** A plugin that counts its runs, fails while there is a file `broken`, and prints what the test says. */
function pluginOf(t: Test, answer: Answer | string, changes: Partial<ExecCommand> = {}) {
  const folder = t.testdir({
    'plugin.sh': `#!/bin/sh
echo run >> runs
printf %s "$KUBERNETES_EXEC_INFO" > info
echo "${SECRET} on stderr" >&2
if [ -e broken ]; then echo ${SECRET}; exit 3; fi
cat answer
`,
  })
  const at = (name: string) => join(folder, name)
  const say = (said: Answer | string) => writeFileSync(at('answer'), typeof said === 'string' ? said : printed(said))
  say(answer)
  const command = { command: '/bin/sh', args: ['-c', `cd ${folder} && . ./plugin.sh`], env: {}, apiVersion: V1 }
  const plugin = new ExecPlugin({ ...command, installHint: undefined, cluster: undefined, ...changes }, process.env)
  return {
    plugin,
    say,
    runs: () => (existsSync(at('runs')) ? readFileSync(at('runs'), 'utf8').trim().split('\n').length : 0),
    info: () => JSON.parse(readFileSync(at('info'), 'utf8')),
    break: () => writeFileSync(at('broken'), ''),
    mend: () => rmSync(at('broken')),
  }
}

function printed({ apiVersion = V1, status = {}, expiresIn }: Answer): string {
  const expirationTimestamp = expiresIn === undefined ? {} : { expirationTimestamp: inSeconds(expiresIn) }
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', status: status && { ...expirationTimestamp, ...status } })
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

test('runs once for all who wait, and again only when its credential has expired', async (t) => {
  const { plugin, runs, say } = pluginOf(t, { status: { token: 'one' }, expiresIn: 1.5 })
  const all = await Promise.all(Array.from({ length: 20 }, () => plugin.credential(undefined)))
  t.same(new Set(all.map(({ token }) => token)), new Set(['one']))
  await plugin.credential(undefined)
  t.equal(runs(), 1)
  say({ status: { token: 'two' } })
  await sleep(1600)
  t.equal((await plugin.credential(undefined)).token, 'two')
  t.equal(runs(), 2)
})

test('fails without a word that the program has printed, and works when the program does', async (t) => {
  const { plugin, runs, break: breaks, mend } = pluginOf(t, { status: { token: 'one' } })
  breaks()
  for (let i = 0; i < 5; i++) {
    await t.rejects(plugin.credential(undefined), { message: 'the credential plugin /bin/sh ended with exit code 3' })
  }
  t.equal(runs(), 1, 'calls that fail one after the other start no program each')
  mend()
  await sleep(1100)
  t.equal((await plugin.credential(undefined)).token, 'one')
})

test('says what is wrong with an answer, and quotes nothing of it', async (t) => {
  const table: [answer: Answer | string, failure: RegExp][] = [
    [`{"token":"${SECRET}`, /no ExecCredential/],
    ['null', /no ExecCredential/],
    [{ status: null }, /no ExecCredential/],
    [{ status: { token: 5 } }, /no ExecCredential/],
    [{ status: {} }, /answers no credential/],
    [{ status: { clientCertificateData: SECRET } }, /only one of certificate and key/],
    [{ status: { token: SECRET, clientKeyData: SECRET } }, /only one of certificate and key/],
    [{ status: { token: SECRET }, expiresIn: -1 }, /has expired/],
    [{ status: { token: SECRET, expirationTimestamp: SECRET } }, /has expired/],
    [{ apiVersion: `${V1}beta1`, status: { token: SECRET } }, /does not answer as client.authentication.k8s.io\/v1$/],
  ]
  await Promise.all(
    table.map(([answer, failure], index) =>
      t.test(`${index}`, async (t) => {
        const error = await pluginOf(t, answer).plugin.credential(undefined).then(String, String)
        t.match(error, failure)
        t.notMatch(error, SECRET)
      }),
    ),
  )
})

test('names a program that is not there, with the hint where to get it', async (t) => {
  const hinted = { command: 'no-such-plugin', installHint: 'apt install it' }
  const message = 'the credential plugin no-such-plugin could not be run: ENOENT; apt install it'
  await t.rejects(pluginOf(t, {}, hinted).plugin.credential(undefined), { message })
  const { plugin } = pluginOf(t, {}, { command: '/etc' })
  await t.rejects(plugin.credential(undefined), { message: /could not be run: EACCES$/ })
})

test('gives up a program that prints without end', async (t) => {
  const { plugin } = pluginOf(t, {}, { args: ['-c', 'yes'] })
  await t.rejects(plugin.credential(undefined), { message: /answers more than a credential/ })
})

test('tells the program what it is to answer, and of the cluster where it is to know', async (t) => {
  const told = pluginOf(t, { status: { token: 'one' } }, { cluster: { server: 'https://x' }, env: { A: 'b' } })
  await told.plugin.credential('PEM')
  const cluster = { server: 'https://x', 'certificate-authority-data': Buffer.from('PEM').toString('base64') }
  t.strictSame(told.info(), { apiVersion: V1, kind: 'ExecCredential', spec: { interactive: false, cluster } })
  const untold = pluginOf(t, { status: { token: 'one' } })
  await untold.plugin.credential('PEM')
  t.strictSame(untold.info().spec, { interactive: false })
})

test('asks for another credential when one is refused, but not without end', async (t) => {
  const { plugin, runs, say } = pluginOf(t, { status: { token: 'one' } })
  await plugin.credential(undefined)
  t.equal(plugin.renew('one'), false, 'one that is just there is not asked for again')
  await sleep(1100)
  say({ status: { token: 'two' } })
  t.equal(plugin.renew('one'), true)
  t.equal((await plugin.credential(undefined)).token, 'two')
  t.equal(plugin.renew('one'), true, 'the old one is refused once more, the new one is there')
  t.equal((await plugin.credential(undefined)).token, 'two')
  t.equal(runs(), 2)
})
