import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import type { FastifyBaseLogger } from 'fastify'
import t, { type Test } from 'tap'
import { type Entry, newCredential } from '../../../src/credentials/credential.ts'
import { CredentialStore } from '../../../src/credentials/store.ts'
import { createLogger } from '../../../src/logger.ts'

const RELOAD_MS = 5000
const admin = newCredential({ name: 'admin', scopes: ['admin'] })
const other = newCredential({ name: 'other', scopes: ['read'] })

/** A credentials file, a store that has read it, and the lines that it logs. */
async function opened(t: Test, ...entries: Entry[]) {
  const file = join(t.testdir(), 'keys.json')
  const write = (text: string) => writeFileSync(file, text)
  write(JSON.stringify({ keys: entries }))
  const lines: string[] = []
  const log: FastifyBaseLogger = createLogger('info', { write: (line) => lines.push(line) })
  return { store: await CredentialStore.open(file, log), write, lines }
}

t.test('knows who a credential belongs to, and what it may do', async (t) => {
  const { store } = await opened(t, admin.entry, other.entry)
  const { id } = other.entry
  t.same(store.identify(other.key), {
    id,
    name: 'other',
    scopes: new Set(['read']),
    userId: undefined,
    maxRam: undefined,
  })
})

t.test('knows what a credential is bound to', async (t) => {
  const bound = newCredential({ name: 'bound', scopes: ['resize'], userId: 'user123', maxRamSize: '4Gi' })
  const { store } = await opened(t, bound.entry)
  t.match(store.identify(bound.key), { userId: 'user123', maxRam: 4n * 2n ** 30n })
})

t.test('refuses every credential but the one that was given out', async (t) => {
  const { store } = await opened(t, admin.entry)
  const [, id] = admin.key.split('_')
  const wrong = {
    'of an unknown id': other.key,
    'with another secret': `fxp_${id}_${other.key.split('_').slice(2).join('_')}`,
    'with a character more': `${admin.key}x`,
    'with a character less': admin.key.slice(0, -1),
    'that is a digest': admin.entry.sha256,
    'that is an id': admin.entry.id,
    'that is empty': '',
    'of a megabyte': `fxp_${id}_${'x'.repeat(2 ** 20)}`,
  }
  for (const [what, credential] of Object.entries(wrong)) t.equal(store.identify(credential), undefined, what)
  t.ok(store.identify(admin.key))
})

t.test('refuses every credential if there is no file', async (t) => {
  const store = await CredentialStore.open('', createLogger('silent'))
  t.equal(store.identify(admin.key), undefined)
  t.equal(store.identify(''), undefined)
})

t.test('refuses a credential from the moment on at which it expires', async (t) => {
  const ends = newCredential({ name: 'ends', scopes: ['read'], expiresAt: '2026-06-01T00:00:00Z' })
  const { store } = await opened(t, ends.entry)
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-05-31T23:59:59.999Z') })
  t.teardown(() => mock.timers.reset())
  t.equal(store.identify(ends.key)?.name, 'ends')
  mock.timers.setTime(Date.parse('2026-06-01T00:00:00.000Z'))
  t.equal(store.identify(ends.key), undefined)
})

t.test('does not open with a file that is missing', async (t) => {
  await t.rejects(CredentialStore.open(join(t.testdir(), 'none.json'), createLogger('silent')), { code: 'ENOENT' })
})

/** Lets the store look at its file again, and waits until it has said something of it. */
async function reload(lines: string[]): Promise<string> {
  const known = lines.length
  mock.timers.tick(RELOAD_MS)
  while (lines.length === known) await new Promise((resolve) => setImmediate(resolve))
  return lines.at(-1)!
}

t.test('takes a changed file while it runs', async (t) => {
  const { store, write, lines } = await opened(t, admin.entry)
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  store.watch()
  write(JSON.stringify({ keys: [other.entry] }))
  t.match(await reload(lines), 'the credentials were read')
  t.equal(store.identify(other.key)?.name, 'other')
  t.equal(store.identify(admin.key), undefined, 'what is gone from the file opens nothing')
  store.close()
})

t.test('keeps what it has read when the file becomes bad, says so, and goes on looking', async (t) => {
  const { store, write, lines } = await opened(t, admin.entry)
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  store.watch()
  for (const bad of ['', '{', '{"keys":[{}]}']) {
    write(bad)
    t.match(await reload(lines), /"level":50.*the changed credentials file cannot be used/)
    t.equal(store.identify(admin.key)?.name, 'admin', JSON.stringify(bad))
  }
  write(JSON.stringify({ keys: [other.entry] }))
  await reload(lines)
  t.equal(store.identify(other.key)?.name, 'other')
  store.close()
})

t.test('logs no credential and no digest', async (t) => {
  const { lines } = await opened(t, admin.entry)
  const text = lines.join('')
  t.match(text, '"credentials":1')
  t.notMatch(text, admin.entry.sha256)
  t.notMatch(text, admin.key)
})
