import { createHash } from 'node:crypto'
import t from 'tap'
import { digest, idOf, newCredential } from '../../../src/credentials/credential.ts'

const SECRET = 'abcdefghijklmnopqrstuvwxyz'

t.test('makes credentials of the form fxp_<id>_<secret>, with 256 random bits', async (t) => {
  const { key, entry } = newCredential({ name: 'signup', scopes: ['write'] })
  const [, id, secret] = /^fxp_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/.exec(key) ?? []
  t.equal(id, entry.id)
  t.equal(Buffer.from(secret ?? '', 'base64url').length, 32)
})

t.test('recognises a credential by the SHA-256 of the whole of it', async (t) => {
  const { key, entry } = newCredential({ name: 'signup', scopes: ['write'] })
  t.equal(entry.sha256, createHash('sha256').update(key).digest('hex'))
  t.equal(digest(key).toString('hex'), entry.sha256)
})

t.test('keeps the secret nowhere but in the credential', async (t) => {
  const { key, entry } = newCredential({ name: 'signup', scopes: ['write'], userId: 'user123' })
  t.notOk(JSON.stringify(entry).includes(key.slice(key.lastIndexOf('_'))))
  t.match(entry, { name: 'signup', scopes: ['write'], userId: 'user123' })
})

t.test('makes no two credentials alike', async (t) => {
  const made = Array.from({ length: 100 }, () => newCredential({ name: 'signup', scopes: ['read'] }))
  t.equal(new Set(made.map(({ key }) => key)).size, 100)
  t.equal(new Set(made.map(({ entry }) => entry.id)).size, 100)
})

t.test('reads the id of a credential, also if its secret has an underscore', async (t) => {
  t.equal(idOf(`fxp_a1b2_${SECRET}`), 'a1b2')
  t.equal(idOf(`fxp_a1b2_${SECRET}_-${SECRET}`), 'a1b2')
})

t.test('reads no id of anything else', async (t) => {
  const others = ['', 'fxp', 'fxp_a1b2', 'fxp_a1b2_', 'fxp_a1b2_short', `a1b2_${SECRET}`, `FXP_a1b2_${SECRET}`]
  for (const text of [
    ...others,
    `fxp_A1B2_${SECRET}`,
    `fxp_abc_${SECRET}`,
    `fxp_a1b2_${SECRET}\n`,
    ` fxp_a1b2_${SECRET}`,
  ]) {
    t.equal(idOf(text), undefined, JSON.stringify(text))
  }
})
