import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { problem } from '../errors.ts'
import type { Apis } from '../kubernetes/connection.ts'
import { type Authenticator, type Grant, type Identity, identityOf } from './identity.ts'
import { audiencesIn, claimsOf } from './jwt.ts'

/** For so long (ms) a token that the API server has judged is not shown to it again. */
const KEPT_MS = 30_000
const MOST_KEPT = 1000
/** Tokens that are being judged. Each is a call to the API server, which a flood of made-up tokens must not take up. */
const MOST_AT_ONCE = 8
const ACCOUNT = /^system:serviceaccount:([^:]+:[^:]+)$/

type Judged = { account: Promise<string | undefined>; until: number }
type Deps = {
  authentication: Pick<Apis['authentication'], 'createTokenReview'>
  /** What is granted to an account, `namespace/name`. */
  grantOf: (account: string) => Grant | undefined
  log: Pick<FastifyBaseLogger, 'debug'>
}

/** Tokens of ServiceAccounts, made for this service by an audience, which the API server judges (TokenReview). */
export class ServiceAccountTokens implements Authenticator {
  readonly #audience: string
  readonly #deps: Deps
  readonly #judged = new Map<string, Judged>()
  #open = 0

  constructor(audience: string, deps: Deps) {
    this.#audience = audience
    this.#deps = deps
  }

  recognizes(credential: string): boolean {
    const claims = claimsOf(credential)
    return claims !== undefined && audiencesIn(claims).includes(this.#audience)
  }

  async identify(token: string): Promise<Identity | undefined> {
    const account = await this.#accountOf(token)
    const grant = account === undefined ? undefined : this.#deps.grantOf(account)
    // For whoever sets it up: callers are not told.
    if (!grant) this.#deps.log.debug({ account: account ?? null }, 'a token of a ServiceAccount is refused')
    return grant && identityOf(`serviceaccount:${account}`, account!, grant)
  }

  /** `namespace/name`. What the token says of its end spares a call, and keeps no answer beyond it. */
  #accountOf(token: string): Promise<string | undefined> {
    const now = Date.now()
    const end = (claimsOf(token)?.exp ?? 0) * 1000
    if (end <= now) return Promise.resolve(undefined)
    const digest = createHash('sha256').update(token).digest('base64')
    const known = this.#judged.get(digest)
    if (known && known.until > now) return known.account
    if (this.#open >= MOST_AT_ONCE) throw problem('overloaded', 'Too many tokens are being judged; try again.')
    const account = this.#review(token)
    this.#judged.delete(digest)
    this.#judged.set(digest, { account, until: Math.min(now + KEPT_MS, end) })
    // What could not be judged is asked again by the next request.
    account.catch(() => this.#judged.delete(digest))
    const [oldest] = this.#judged.keys()
    if (this.#judged.size > MOST_KEPT) this.#judged.delete(oldest!)
    return account
  }

  async #review(token: string): Promise<string | undefined> {
    this.#open++
    try {
      const { status } = await this.#deps.authentication.createTokenReview({
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          spec: { token, audiences: [this.#audience] },
        },
      })
      // An authenticator that does not know of audiences answers none, and its word counts for the API server alone.
      const isOurs = status?.authenticated === true && status.audiences?.includes(this.#audience)
      return isOurs ? ACCOUNT.exec(status.user?.username ?? '')?.[1]?.replace(':', '/') : undefined
    } finally {
      this.#open--
    }
  }
}
