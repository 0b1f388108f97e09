import type { FastifyBaseLogger } from 'fastify'
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { problem } from '../errors.ts'
import { type FetchJson, IssuerError } from './fetch-bounded.ts'

/** Keys are read again so often, so that one that the issuer has withdrawn opens nothing for long. */
const REFRESH_MS = 5 * 60_000
/** A key that is not known yet has them read again, but not more often than this: anybody can make one up. */
const COOLDOWN_MS = 10_000
/** While the issuer does not answer, the keys that are known stay in force for so long. */
const STALE_MS = 3600_000

/** The public keys of an issuer, found as OpenID Connect Discovery says. Read at the first need, and again as time goes by. */
export class IssuerKeys {
  readonly #issuer: string
  readonly #fetchJson: FetchJson
  readonly #log: FastifyBaseLogger
  readonly #clock: () => number
  #known: { keys: JWTVerifyGetKey; readAt: number } | undefined
  #reading: Promise<void> | undefined
  #triedAt = Number.NEGATIVE_INFINITY

  /** @param clock milliseconds, of a clock that nobody sets */
  constructor(issuer: string, fetchJson: FetchJson, log: FastifyBaseLogger, clock = () => performance.now()) {
    this.#issuer = issuer
    this.#fetchJson = fetchJson
    this.#log = log
    this.#clock = clock
  }

  /** @throws Problem `issuer-unavailable` if there are none that may still be used */
  async current(): Promise<JWTVerifyGetKey> {
    const age = this.#age()
    // Nobody waits for a refresh as long as what is known may be used.
    const reading = age > REFRESH_MS ? this.#read() : undefined
    if (age > STALE_MS) await reading
    if (this.#known === undefined || this.#age() > STALE_MS) throw problem('issuer-unavailable')
    return this.#known.keys
  }

  /** After a token whose key is not known: reads them again, unless that has just been done. @returns whether they were read */
  async renew(): Promise<boolean> {
    const before = this.#known
    await this.#read()
    return this.#known !== before
  }

  #age(): number {
    return this.#clock() - (this.#known?.readAt ?? Number.NEGATIVE_INFINITY)
  }

  /** Ends when the reading has: whether there are keys then is to be looked at. */
  #read(): Promise<void> {
    if (this.#reading) return this.#reading
    const wait = this.#known === undefined ? 1000 : COOLDOWN_MS
    if (this.#clock() - this.#triedAt < wait) return Promise.resolve()
    this.#triedAt = this.#clock()
    this.#reading = this.#load()
      .then((keys) => {
        this.#known = { keys, readAt: this.#clock() }
      })
      .catch((error) => this.#log.error({ reason: (error as Error).message }, 'the keys of the issuer cannot be read'))
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  async #load(): Promise<JWTVerifyGetKey> {
    const place = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const found = (await this.#fetchJson(place)) as { issuer?: unknown; jwks_uri?: unknown } | null
    // Else another issuer of the same host could speak for this one.
    if (found?.issuer !== this.#issuer) throw new IssuerError(`${place} is of another issuer`)
    if (typeof found.jwks_uri !== 'string' || !URL.canParse(found.jwks_uri)) {
      throw new IssuerError(`${place} names no jwks_uri`)
    }
    return createLocalJWKSet((await this.#fetchJson(found.jwks_uri)) as JSONWebKeySet)
  }
}
