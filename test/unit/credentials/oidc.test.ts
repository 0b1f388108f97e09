/** Tokens of an issuer: which are taken, and each way of making one up that is not. */
import { exportSPKI, type JWTPayload, SignJWT } from 'jose'
import t from 'tap'
import { Authenticators } from '../../../src/credentials/authenticators.ts'
import { IssuerError } from '../../../src/credentials/fetch-bounded.ts'
import type { Identity } from '../../../src/credentials/identity.ts'
import { IssuerKeys } from '../../../src/credentials/issuer-keys.ts'
import { OidcTokens } from '../../../src/credentials/oidc-tokens.ts'
import { Problem } from '../../../src/errors.ts'
import { createLogger } from '../../../src/logger.ts'
import { AUDIENCE, anIssuer, ISSUER, newKey } from '../../helpers/issuer.ts'

const CLAIMS = { scopes: 'scope', prefix: 'fluxiondb:', tenant: '' }

/** A service that takes the tokens of this issuer, how often it has read which address, and its log. */
function serviceOf(documents: Record<string, unknown>, claims: Partial<typeof CLAIMS> = {}) {
  const asked: string[] = []
  const lines: string[] = []
  let now = 0
  const fetchJson = async (url: string) => {
    asked.push(url)
    if (!(url in documents)) throw new IssuerError(`${url} answers 404`)
    return documents[url]
  }
  const log = createLogger('debug', { write: (line) => lines.push(line) })
  const keys = new IssuerKeys(ISSUER, fetchJson, log, () => now)
  const settings = { issuer: ISSUER, audience: AUDIENCE, algorithms: ['RS256', 'ES256'] }
  const tokens = new OidcTokens({ ...settings, claims: { ...CLAIMS, ...claims } }, keys, log)
  const authenticators = new Authenticators([tokens])
  const advance = (ms: number) => {
    now += ms
  }
  return { asked, lines, advance, identify: (token: string) => authenticators.identify(token) }
}

t.test('a token says who its bearer is and what they may do', async (t) => {
  const issuer = await anIssuer()
  const { identify, asked } = serviceOf(issuer.documents)
  const scope = 'openid admin fluxiondb:read fluxiondb:resize fluxiondb:everything'
  const expected: Identity = {
    id: 'oidc:signup',
    name: 'signup',
    scopes: new Set(['read', 'resize']),
    userId: undefined,
    maxRam: undefined,
  }
  t.strictSame(await identify(await issuer.token({ scope })), expected)
  await identify(await issuer.token())
  t.equal(asked.length, 2, 'the keys are read once')
})

t.test('scopes and tenant come from the claims that the operator names', async (t) => {
  const issuer = await anIssuer()
  const { identify } = serviceOf(issuer.documents, { scopes: 'realm_access.roles', tenant: 'https://shop/tenant' })
  const roles = { realm_access: { roles: ['fluxiondb:read', 'offline_access', 7] } }
  const of = async (claims: JWTPayload) => identify(await issuer.token({ ...roles, ...claims }))
  t.match(await of({ 'https://shop/tenant': 'user123' }), { userId: 'user123', scopes: new Set(['read']) })
  t.match(await of({ 'https://shop/tenant': '*' }), { userId: undefined, scopes: new Set(['read']) })
  for (const tenant of [undefined, '', null, 7, ['user123'], {}]) {
    t.equal(await of({ 'https://shop/tenant': tenant }), undefined, `a tenant ${JSON.stringify(tenant)} is none`)
  }
})

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'signup', exp: seconds(300), scope: 'fluxiondb:admin' }

t.test('refuses every token but one that the issuer has made for this service and now', async (t) => {
  const issuer = await anIssuer()
  const { identify, lines } = serviceOf(issuer.documents)
  const good = await issuer.token()
  const [header, payload, signature] = good.split('.')
  const stranger = await newKey('first')
  const publicKey = new TextEncoder().encode(await exportSPKI(issuer.key().publicKey))
  const hs256 = (key: Uint8Array) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(key)
  const WRONG: Record<string, string | Promise<string>> = {
    'that has expired': issuer.token({ exp: seconds(-60) }),
    'that is not in force yet': issuer.token({ nbf: seconds(60) }),
    'without an end': issuer.token({ exp: undefined }),
    'for another audience': issuer.token({ aud: 'another-service' }),
    'for no audience': issuer.token({ aud: undefined }),
    'of another issuer, by the same key': issuer.token({ iss: `${ISSUER}/` }),
    'of nobody': issuer.token({ sub: undefined }),
    'of a subject with a line break': issuer.token({ sub: 'a\nb' }),
    'without a signature': `${header}.${payload}.`,
    'of another payload': `${header}.${text(claims)}.${signature}`,
    'with alg none': `${text({ alg: 'none' })}.${text(claims)}.`,
    'with alg None': `${text({ alg: 'None', kid: 'first' })}.${text(claims)}.`,
    'signed with HMAC by the public key': hs256(publicKey),
    'signed by a key of the same id': issuer.token({}, {}, stranger),
    'with a key of its own': issuer.token({}, { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, stranger),
    'with the address of a key': issuer.token({}, { jku: 'https://evil.example.com/keys', kid: 'evil' }, stranger),
    'with a path for a key id': issuer.token({}, { kid: '../../../dev/null' }, stranger),
    'by an algorithm that is not allowed': issuer.token({}, {}, { ...(await newKey('first', 'PS256')) }),
    'with a critical extension': `${text({ alg: 'RS256', kid: 'first', crit: ['exp'], exp: 1 })}.${payload}.${signature}`,
    'that is too long': issuer.token({ padding: 'x'.repeat(9000) }),
    'in five parts': `${good}.x.y`,
    'that is no JWT': 'eyJhbGciOiJSUzI1NiJ9',
    'that is empty': '',
  }
  for (const [what, token] of Object.entries(WRONG)) t.equal(await identify(await token), undefined, `a token ${what}`)
  const told = lines.join('')
  t.match(told, /unexpected \\"aud\\" claim value/, 'the log says why, for whoever sets it up')
  for (const token of Object.values(WRONG)) t.notOk((await token) !== '' && told.includes(await token), 'and no token')
  t.ok(await identify(good), 'and takes the right one')
  t.ok(await identify(await issuer.token({ exp: seconds(-20) })), 'clocks may differ by half a minute')
})

t.test('takes the next key as soon as the issuer signs with it', async (t) => {
  const issuer = await anIssuer()
  const { identify, asked, advance } = serviceOf(issuer.documents)
  const old = await issuer.token()
  t.ok(await identify(old))
  await issuer.rotate()
  advance(11_000)
  t.ok(await identify(await issuer.token()))
  t.equal(await identify(old), undefined, 'and the one before no more')
  const { length } = asked
  const stranger = await newKey('made-up')
  for (let n = 0; n < 20; n++) t.equal(await identify(await issuer.token({}, {}, stranger)), undefined)
  t.equal(asked.length, length, 'keys that are made up do not have them read again and again')
})

t.test('a key that the issuer has withdrawn opens nothing after some minutes', async (t) => {
  const issuer = await anIssuer()
  const { identify, advance } = serviceOf(issuer.documents)
  const old = await issuer.token({ exp: seconds(7200) })
  t.ok(await identify(old))
  await issuer.rotate()
  advance(301_000)
  t.ok(await identify(old), 'nobody waits for the refresh')
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(await identify(old), undefined)
})

t.test('while the issuer does not answer, known keys count for an hour, and then it is said so', async (t) => {
  const issuer = await anIssuer()
  const { identify, lines, advance } = serviceOf(issuer.documents)
  const token = await issuer.token({ exp: seconds(7200) })
  t.ok(await identify(token))
  for (const url of Object.keys(issuer.documents)) delete issuer.documents[url]
  advance(1800_000)
  t.ok(await identify(token))
  await new Promise((resolve) => setImmediate(resolve))
  t.match(lines.join(''), /the keys of the issuer cannot be read/)
  advance(1801_000)
  await t.rejects(identify(token), { code: 'issuer-unavailable', status: 503 })
})

const BAD: Record<string, unknown> = {
  'is of another issuer': { issuer: 'https://evil.example.com', jwks_uri: `${ISSUER}/keys` },
  'is none': null,
  'names no keys': { issuer: ISSUER },
  'names no address': { issuer: ISSUER, jwks_uri: 'keys' },
  'names keys that are none': { issuer: ISSUER, jwks_uri: `${ISSUER}/.well-known/openid-configuration` },
}
for (const [what, document] of Object.entries(BAD)) {
  t.test(`takes no keys by a document that ${what}`, async (t) => {
    const issuer = await anIssuer()
    const documents = { ...issuer.documents, [`${ISSUER}/.well-known/openid-configuration`]: document }
    await t.rejects(serviceOf(documents).identify(await issuer.token()), Problem)
  })
}
