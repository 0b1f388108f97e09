import type { JWTPayload } from 'jose'
import { type Identity, SCOPES, type Scope } from './identity.ts'

/** By which claims a token says what its bearer may do. */
export type ClaimNames = {
  /** A text with spaces, or a list. */
  scopes: string
  /** Before each of our scopes, such as `fluxiondb:`. What begins otherwise is meant for others. */
  prefix: string
  /** Holds the id of the tenant that the bearer is bound to, or `*`; empty: nobody is bound. */
  tenant: string
}

const ALL_TENANTS = '*'
const PLAIN = /^[\w.@|:+/-]{1,128}$/

/** Undefined if the token does not say of which tenant it is, and has to. Scopes that are not known are passed over. */
export function identityFrom(claims: JWTPayload, names: ClaimNames): Identity | undefined {
  const { sub } = claims
  // It is in the audit and in records: no line breaks, and not without end.
  if (typeof sub !== 'string' || !PLAIN.test(sub)) return undefined
  const tenant = names.tenant === '' ? ALL_TENANTS : claimAt(claims, names.tenant)
  if (typeof tenant !== 'string' || tenant === '') return undefined
  const userId = tenant === ALL_TENANTS ? undefined : tenant
  const scopes = new Set(scopesIn(claimAt(claims, names.scopes), names.prefix))
  return { id: `oidc:${sub}`, name: sub, scopes, userId, maxRam: undefined }
}

function scopesIn(claim: unknown, prefix: string): Scope[] {
  const texts: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return SCOPES.filter((scope) => texts.includes(prefix + scope))
}

/** Of that name, or at that path: some issuers put roles into objects, others name claims by an address, dots and all. */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((at, part) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as never)[part] : undefined
  }, claims)
}
