/** What comes from outside, whatever it is: each reader takes it, or says what is wrong by an error of its own, and gives nothing away. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { Authenticators } from '../../src/credentials/authenticators.ts'
import { idOf, newCredential } from '../../src/credentials/credential.ts'
import { claimsOf } from '../../src/credentials/jwt.ts'
import { identityFrom } from '../../src/credentials/oidc-claims.ts'
import { OidcTokens } from '../../src/credentials/oidc-tokens.ts'
import { CredentialStore, CredentialsError, parseCredentials } from '../../src/credentials/store.ts'
import { Problem, problem } from '../../src/errors.ts'
import { findAccess, KubeconfigError } from '../../src/kubernetes/kubeconfig/find.ts'
import { createLogger } from '../../src/logger.ts'
import { USER_ID_MAX_LENGTH, USER_ID_PATTERN } from '../../src/manifests/names.ts'
import { parsePolicy } from '../../src/policy/policy.ts'
import { cursorOf, userIdOfCursor } from '../../src/routes/pages.ts'
import { mergePatch, without } from '../../src/tenants/options/settle.ts'
import { parseSpec, UnreadableSpecError } from '../../src/tenants/record/spec.ts'
import { aSpec } from '../helpers/observed.ts'

const RUNS = { numRuns: 500 }
const SECRET = 'canary-of-a-secret'
const { key, entry } = newCredential({ name: 'admin', scopes: ['admin'] })

/** Text with one piece taken out, put in twice, or another in its place. */
const damaged = (text: string) =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.nat(12),
      fc.oneof(fc.string(), fc.constantFrom('null', '{', '"', '[', '__proto__', '\0')),
    )
    .map(([at, length, other]) => text.slice(0, at) + other + text.slice(at + length))
const segment = fc.oneof(
  fc.base64String(),
  fc.json().map((text) => Buffer.from(text).toString('base64url')),
)
const anyToken = fc.oneof(
  fc.string({ maxLength: 200 }),
  damaged(key),
  fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('.')),
  fc
    .tuple(fc.object(), segment)
    .map(
      ([claims, rest]) =>
        `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ iss: 'https://a', ...claims })).toString('base64url')}.${rest}`,
    ),
)

t.test('a credential that nobody has given out opens nothing', async (t) => {
  const file = join(t.testdir(), 'keys.json')
  writeFileSync(file, JSON.stringify({ keys: [entry] }))
  const store = await CredentialStore.open(file, createLogger('silent'))
  const noKeys = { current: async () => Promise.reject(problem('issuer-unavailable')), renew: async () => false }
  const settings = {
    issuer: 'https://a',
    audience: 'b',
    algorithms: ['RS256'],
    claims: { scopes: 'scope', prefix: '', tenant: '' },
  }
  const all = new Authenticators([store, new OidcTokens(settings, noKeys, { debug: () => {} })])
  await fc.assert(
    fc.asyncProperty(anyToken, async (token) => {
      if (token === key) return
      const identity = await all.identify(token).catch((error) => {
        if (error instanceof Problem) return undefined
        throw error
      })
      t.notOk(identity, { token })
    }),
    RUNS,
  )
  t.ok(await all.identify(key))
})

t.test('a token is taken apart, or is none', async () => {
  fc.assert(
    fc.property(
      anyToken,
      (token) =>
        ['undefined', 'string'].includes(typeof idOf(token)) &&
        ['object', 'undefined'].includes(typeof claimsOf(token)),
    ),
    RUNS,
  )
})

t.test('claims of any shape give no more than known scopes and one tenant', async () => {
  const names = { scopes: 'a.b', prefix: 'x:', tenant: 'c' }
  const claims = fc.record(
    { sub: fc.anything(), a: fc.anything(), 'a.b': fc.anything(), c: fc.anything() },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(claims, (given) => {
      const identity = identityFrom(given as never, names)
      return (
        identity === undefined ||
        (typeof given.c === 'string' && (given.c === '*' ? identity.userId === undefined : identity.userId === given.c))
      )
    }),
    RUNS,
  )
})

const readers: Record<
  string,
  [good: string, read: (text: string) => unknown, ErrorType: new (...args: never[]) => Error]
> = {
  'credentials file': [JSON.stringify({ keys: [{ ...entry, name: SECRET }] }), parseCredentials, CredentialsError],
  record: [JSON.stringify(aSpec()), parseSpec, UnreadableSpecError],
}
for (const [what, [good, read, ErrorType]] of Object.entries(readers)) {
  t.test(`a ${what} of any text is read, or refused by its own error`, async (t) => {
    t.ok(read(good))
    fc.assert(
      fc.property(fc.oneof(damaged(good), fc.json(), fc.string()), (text) => {
        try {
          read(text)
          return true
        } catch (error) {
          return error instanceof ErrorType && !error.message.includes(SECRET)
        }
      }),
      RUNS,
    )
  })
}

t.test('a policy of any text is read, or refused by an error that says where', async () => {
  const good = JSON.stringify({
    options: { write: ['*'] },
    images: ['a:*'],
    plans: [{ name: 'basic', ramSize: '1Gi' }],
  })
  fc.assert(
    fc.property(fc.oneof(damaged(good), fc.json(), fc.string()), (text) => {
      try {
        return typeof parsePolicy(text) === 'object'
      } catch (error) {
        return (error as Error).name === 'PolicyError'
      }
    }),
    RUNS,
  )
})

t.test('a kubeconfig of any text is read, or refused without its secrets', async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'config')
  const good = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'a',
    clusters: [{ name: 'a', cluster: { server: 'https://10.0.0.1:6443' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    users: [{ name: 'a', user: { token: SECRET } }],
  })
  fc.assert(
    fc.property(fc.oneof(damaged(good), fc.json(), fc.string()), (text) => {
      writeFileSync(file, text)
      try {
        return typeof findAccess(file, {}) === 'object'
      } catch (error) {
        return error instanceof KubeconfigError && !error.message.includes(SECRET)
      }
    }),
    RUNS,
  )
})

t.test('a cursor leads back to its user id, and any other text is refused', async () => {
  const userId = fc.stringMatching(new RegExp(USER_ID_PATTERN)).filter(({ length }) => length <= USER_ID_MAX_LENGTH)
  fc.assert(
    fc.property(userId, (id) => userIdOfCursor(cursorOf(id)) === id),
    RUNS,
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        return new RegExp(USER_ID_PATTERN).test(userIdOfCursor(text))
      } catch (error) {
        return error instanceof Problem && error.code === 'invalid-request'
      }
    }),
    RUNS,
  )
})

t.test('a merge patch does what RFC 7386 says, and reaches nothing but its target', async () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const [before, asked] = [JSON.stringify(target), JSON.stringify(patch)]
      const merged = mergePatch(target, patch)
      const isUntouched = JSON.stringify(target) === before && JSON.stringify(patch) === asked
      return (
        isUntouched &&
        JSON.stringify(mergePatch(merged, patch)) === JSON.stringify(merged) &&
        ({} as { x?: 1 }).x === undefined
      )
    }),
    RUNS,
  )
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (target) =>
      Object.keys(without(target, target)).every((name) => typeof target[name] === 'object'),
    ),
    RUNS,
  )
})

t.test('a patch from a request cannot change what all objects have', async (t) => {
  for (const text of [
    '{"__proto__": {"x": 1}}',
    '{"a": {"__proto__": {"x": 1}}}',
    '{"constructor": {"prototype": {"x": 1}}}',
  ]) {
    const merged = mergePatch({ a: {} } as { a: object }, JSON.parse(text))
    t.equal(({} as { x?: number }).x, undefined)
    t.equal((merged as { x?: number }).x, undefined)
    t.equal((merged.a as { x?: number }).x, undefined, 'nor does the target inherit it')
  }
})
