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

  constructor(settings: OidcSettings, keys: Pick<IssuerKeys, 'current' | 'renew'>) {
    this.#settings = settings
    this.#keys = keys
  }

  recognizes(credential: string): boolean {
    return claimsOf(credential)?.iss === this.#settings.issuer
  }

  async identify(token: string): Promise<Identity | undefined> {
    try {
      return await this.#verify(token, await this.#keys.current())
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#keys.renew())) return undefined
      return this.#verify(token, await this.#keys.current()).catch((error) => {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      })
    }
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
    return identityFrom(payload, claims)
  }
}
