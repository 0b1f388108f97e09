import type { FastifyBaseLogger } from 'fastify'
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Authenticator, Identity } from './identity.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { claimsOf } from './jwt.ts'
import { type ClaimNames, identityFrom } from './oidc-claims.ts'

/** By how much the clocks of the issuer and of this service may differ. */
const SKEW = '30 s'

export type OidcSettings = { issuer: string; audience: string; algorithms: readonly string[]; claims: ClaimNames }

/** JWTs of one issuer: signed by a key of its own, with an algorithm that is allowed, for this service, and in force. */
export class OidcTokens implements Authenticator {
  readonly #settings: OidcSettings
  readonly #keys: Pick<IssuerKeys, 'current' | 'renew'>
  readonly #log: Pick<FastifyBaseLogger, 'debug'>

  constructor(
    settings: OidcSettings,
    keys: Pick<IssuerKeys, 'current' | 'renew'>,
    log: Pick<FastifyBaseLogger, 'debug'>,
  ) {
    this.#settings = settings
    this.#keys = keys
    this.#log = log
  }

  recognizes(credential: string): boolean {
    return claimsOf(credential)?.iss === this.#settings.issuer
  }

  async identify(token: string): Promise<Identity | undefined> {
    try {
      return await this.#verify(token, await this.#keys.current())
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#keys.renew())) return this.#refused(error)
      return this.#verify(token, await this.#keys.current()).catch((error) => {
        if (error instanceof errors.JOSEError) return this.#refused(error)
        throw error
      })
    }
  }

  /** For whoever sets it up: callers are not told. The reasons name claims, and not what they say. */
  #refused({ code, message }: errors.JOSEError): undefined {
    this.#log.debug({ code, reason: message }, 'a token of the issuer is refused')
  }

  async #verify(token: string, keys: JWTVerifyGetKey): Promise<Identity | undefined> {
    const { issuer, audience, algorithms, claims } = this.#settings
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: SKEW,
      requiredClaims: ['exp', 'sub'],
    })
    const identity = identityFrom(payload, claims)
    const reason = 'its subject, or its claim of a tenant, cannot be used'
    return identity ?? this.#refused(new errors.JWTInvalid(reason))
  }
}
