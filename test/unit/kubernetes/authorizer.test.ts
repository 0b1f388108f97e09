import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { AccessAuthorizer } from '../../../src/kubernetes/authorizer.ts'
import { findAccess } from '../../../src/kubernetes/kubeconfig/find.ts'
import { createLogger } from '../../../src/logger.ts'

const SECRET = 'hunter2'
const MISSING = { name: 'KubernetesError', status: 0, reason: 'Credentials', meaning: 'unavailable' }
/** Longer than a file that was read is taken for what it is. */
const LOOK_MS = 300

// Each waits for files to be looked at again, so all wait together.
t.jobs = 8
const test = (title: string, body: (t: Test) => Promise<void>) => t.test(title, { buffered: true }, body)

/** Who a kubeconfig with this user is, in a folder with these files. */
function authorizerOf(t: Test, user: object, files: Record<string, string> = {}, cluster: object = {}) {
  const config = {
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    users: [{ name: 'a', user }],
  }
  const folder = t.testdir({ ...files, config: JSON.stringify(config) })
  const lines: string[] = []
  const log = createLogger('info', { write: (line) => lines.push(line) })
  const authorizer = new AccessAuthorizer(findAccess(join(folder, 'config'), {}), { PATH: process.env.PATH }, log)
  t.teardown(() => authorizer.close())
  return {
    lines,
    authorizer,
    authorize: (method = 'GET', signal?: AbortSignal) => authorizer.authorize(method, signal),
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    remove: (name: string) => rmSync(join(folder, name)),
  }
}

test('shows a user by name and password, by a token, or not at all', async (t) => {
  const basic = `Basic ${Buffer.from('me:hunter2').toString('base64')}`
  t.strictSame((await authorizerOf(t, { username: 'me', password: SECRET }).authorize()).headers, {
    authorization: basic,
  })
  t.strictSame((await authorizerOf(t, { token: 'one' }).authorize()).headers, { authorization: 'Bearer one' })
  t.strictSame((await authorizerOf(t, {}).authorize()).headers, {})
})

test('reads a token anew when its file has changed, and keeps it while the file is gone', async (t) => {
  const { authorize, lines, write, remove } = authorizerOf(t, { tokenFile: './token' }, { token: 'one\n' })
  const shown = async () => (await authorize()).headers.authorization
  t.equal(await shown(), 'Bearer one')
  write('token', 'two')
  await sleep(LOOK_MS)
  t.equal(await shown(), 'Bearer two')
  remove('token')
  await sleep(LOOK_MS)
  for (let i = 0; i < 3; i++) t.equal(await shown(), 'Bearer two')
  t.equal(lines.filter((line) => line.includes('ENOENT')).length, 1, 'and says so once')
  write('token', '\n')
  await sleep(LOOK_MS)
  t.equal(await shown(), 'Bearer two', 'a file that is just being written')
  write('token', 'three')
  await sleep(LOOK_MS)
  t.equal(await shown(), 'Bearer three')
})

test('shows the token of the kubeconfig until that of the file is there', async (t) => {
  const { authorize, write } = authorizerOf(t, { tokenFile: 'token', token: 'fallback' })
  t.equal((await authorize()).headers.authorization, 'Bearer fallback')
  write('token', 'one')
  await sleep(LOOK_MS)
  t.equal((await authorize()).headers.authorization, 'Bearer one')
})

test('has no credentials as long as a file cannot be read, which ends when it can', async (t) => {
  const user = { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' }
  const { authorize, lines, write } = authorizerOf(t, user, { 'tls.crt': 'PEM' }, { 'certificate-authority': 'ca.crt' })
  for (let i = 0; i < 3; i++) await t.rejects(authorize(), { ...MISSING, detail: /ca\.crt cannot be read: ENOENT/ })
  t.equal(lines.length, 1, 'which is logged once')
  write('ca.crt', 'PEM')
  await sleep(LOOK_MS)
  await t.rejects(authorize(), { ...MISSING, detail: /tls\.key cannot be read: ENOENT/ })
  write('tls.key', 'PEM')
  await sleep(LOOK_MS)
  await authorize()
  t.match(lines.at(-1), /can be had again/)
})

test('tells callers nothing of what keeps it from its credentials, and the log nothing that a plugin prints', async (t) => {
  const script = `#!/bin/sh\necho ${SECRET} >&2\necho ${SECRET}\nexit 1\n`
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: 'sh',
    args: ['-c', script],
  }
  const { authorize, lines } = authorizerOf(t, { exec })
  const error = await authorize().then(String, (error) => error)
  t.match(error, { ...MISSING, message: 'this service cannot show the cluster its credentials now' })
  t.match(lines.join(''), /the credential plugin sh ended with exit code 1/)
  t.notMatch(`${lines.join('')}${JSON.stringify(error)}${error.stack}`, SECRET)
})

test('waits for a plugin no longer than the call that needs it', async (t) => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: 'sleep',
    args: ['3'],
  }
  const { authorize } = authorizerOf(t, { exec })
  const started = performance.now()
  await t.rejects(authorize('GET', AbortSignal.timeout(100)), { ...MISSING, detail: /within the deadline/ })
  t.ok(performance.now() - started < 1500)
})

test('keeps its connections until a certificate is another one, and those of reads from those of writes', async (t) => {
  const user = { token: 'one' }
  const { authorize, write } = authorizerOf(t, user, { 'ca.crt': 'one' }, { 'certificate-authority': 'ca.crt' })
  const { dispatcher: reads } = await authorize('GET')
  const { dispatcher: writes } = await authorize('PATCH')
  t.not(reads, writes)
  t.equal((await authorize('GET')).dispatcher, reads)
  t.equal((await authorize('POST')).dispatcher, writes)
  write('ca.crt', 'two')
  await sleep(LOOK_MS)
  t.not((await authorize('GET')).dispatcher, reads)
})
