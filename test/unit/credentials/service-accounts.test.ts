/** Tokens of ServiceAccounts, before an API server that is made up: what it is asked, and which answers count. */
import { mock } from 'node:test'
import { UnsecuredJWT } from 'jose'
import t from 'tap'
import type { Grant } from '../../../src/credentials/identity.ts'
import { ServiceAccountTokens } from '../../../src/credentials/service-accounts.ts'

const AUDIENCE = 'fluxiondb'
const RIGHT = {
  authenticated: true,
  audiences: [AUDIENCE],
  user: { username: 'system:serviceaccount:sales:backend', groups: ['system:masters'] },
}
const grants = new Map<string, Grant>([['sales/backend', { scopes: ['read'], userId: 'user123', maxRamSize: '1Gi' }]])

const tokenOf = (claims: object, seconds = 600) =>
  new UnsecuredJWT({ aud: [AUDIENCE], ...claims }).setExpirationTime(Math.floor(Date.now() / 1000) + seconds).encode()

function withAnswer(answer: () => Promise<unknown> | unknown) {
  const asked: { token: string; audiences: string[] }[] = []
  const authentication = {
    async createTokenReview({ body: { spec } }: { body: { spec: (typeof asked)[number] } }) {
      asked.push(spec)
      return { status: await answer() }
    },
  }
  const deps = {
    authentication: authentication as never,
    grantOf: (account: string) => grants.get(account),
    log: { debug: () => {} },
  }
  return { asked, tokens: new ServiceAccountTokens(AUDIENCE, deps) }
}

t.test('grants an account what the operator has written', async (t) => {
  const { tokens, asked } = withAnswer(() => RIGHT)
  const token = tokenOf({})
  t.strictSame(await tokens.identify(token), {
    id: 'serviceaccount:sales/backend',
    name: 'sales/backend',
    scopes: new Set(['read']),
    userId: 'user123',
    maxRam: 2n ** 30n,
  })
  await tokens.identify(token)
  t.same(asked, [{ token, audiences: [AUDIENCE] }], 'and asks once, for this audience')
})

t.test('recognizes tokens that are made for this service only', async (t) => {
  const { tokens } = withAnswer(() => RIGHT)
  t.ok(tokens.recognizes(tokenOf({ aud: AUDIENCE })))
  t.ok(tokens.recognizes(tokenOf({ aud: ['other', AUDIENCE] })))
  for (const aud of [undefined, [], 'https://kubernetes.default.svc', `${AUDIENCE}2`, { [AUDIENCE]: 1 }]) {
    t.notOk(tokens.recognizes(tokenOf({ aud })), JSON.stringify(aud))
  }
  t.notOk(tokens.recognizes('fxp_abcd_secret'))
})

const WRONG: Record<string, object | undefined> = {
  'that it does not know': { authenticated: false },
  'with no word on the audience': { ...RIGHT, audiences: undefined },
  'for another audience': { ...RIGHT, audiences: ['https://kubernetes.default.svc'] },
  'of a person': { ...RIGHT, user: { username: 'sales/backend' } },
  'of a node': { ...RIGHT, user: { username: 'system:node:sales:backend' } },
  'of an account that nothing is granted to': { ...RIGHT, user: { username: 'system:serviceaccount:sales:other' } },
  'of an account of another namespace': { ...RIGHT, user: { username: 'system:serviceaccount:other:backend' } },
  'without an answer': undefined,
}
for (const [what, answer] of Object.entries(WRONG)) {
  t.test(`refuses a token ${what}`, async (t) => {
    t.equal(await withAnswer(() => answer).tokens.identify(tokenOf({})), undefined)
  })
}

t.test('asks nobody about a token that says itself that it has expired', async (t) => {
  const { tokens, asked } = withAnswer(() => RIGHT)
  t.equal(await tokens.identify(tokenOf({}, -1)), undefined)
  t.same(asked, [])
})

t.test('asks again after a failure, and after half a minute', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() })
  t.teardown(() => mock.timers.reset())
  let fails = true
  const { tokens, asked } = withAnswer(() => (fails ? Promise.reject(new Error('no API server')) : RIGHT))
  const token = tokenOf({})
  await t.rejects(tokens.identify(token), /no API server/)
  fails = false
  t.ok(await tokens.identify(token))
  t.equal(asked.length, 2)
  mock.timers.tick(29_000)
  await tokens.identify(token)
  t.equal(asked.length, 2)
  mock.timers.tick(1001)
  await tokens.identify(token)
  t.equal(asked.length, 3)
})

t.test('keeps no answer beyond the end of the token', async (t) => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() })
  t.teardown(() => mock.timers.reset())
  const { tokens } = withAnswer(() => RIGHT)
  const token = tokenOf({}, 5)
  t.ok(await tokens.identify(token))
  mock.timers.tick(6000)
  t.equal(await tokens.identify(token), undefined)
})

t.test('a flood of made-up tokens asks few questions at once', async (t) => {
  let answer: (status: object) => void = () => {}
  const waiting = new Promise((resolve) => {
    answer = resolve
  })
  const { tokens, asked } = withAnswer(() => waiting)
  const all = Array.from({ length: 50 }, (_, n) => tokens.identify(tokenOf({ n })))
  const ended = Promise.allSettled(all)
  answer({ authenticated: false })
  const refused = (await ended).filter(({ status }) => status === 'rejected')
  t.strictSame([asked.length, refused.length], [8, 42])
  t.match(refused[0], { reason: { code: 'overloaded' } })
})

t.test('what is granted no more opens nothing at once', async (t) => {
  const { tokens } = withAnswer(() => RIGHT)
  const token = tokenOf({})
  t.ok(await tokens.identify(token))
  const grant = grants.get('sales/backend')!
  grants.delete('sales/backend')
  t.equal(await tokens.identify(token), undefined)
  grants.set('sales/backend', grant)
})
