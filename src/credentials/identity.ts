import { type Static, Type } from '@sinclair/typebox'
import { parseBytes } from '../sizing/quantity.ts'

/** What a caller may do; `admin` includes all others. */
export const SCOPES = ['read', 'resize', 'write', 'secrets', 'logs', 'delete', 'purge', 'metrics', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** What is granted to a caller, as an operator writes it. */
export const GRANT = {
  scopes: Type.Array(Type.Union(SCOPES.map((scope) => Type.Literal(scope))), { minItems: 1 }),
  /** Bound to this tenant: sees no other. */
  userId: Type.Optional(Type.String({ minLength: 1 })),
  /** The most RAM that it may ask for, as a quantity. */
  maxRamSize: Type.Optional(Type.String()),
}
const GrantSchema = Type.Object(GRANT)
export type Grant = Static<typeof GrantSchema>

/** Who sends a request. */
export type Identity = {
  /** Unique among all ways of showing it, and the same at every request. */
  id: string
  name: string
  scopes: ReadonlySet<Scope>
  userId: string | undefined
  /** Bytes. */
  maxRam: bigint | undefined
}

/** One way of showing who sends a request. */
export interface Authenticator {
  /** Whether a credential looks like one of this way. */
  recognizes(credential: string): boolean
  /**
   * Who a credential belongs to; undefined if it is unknown, wrong or expired.
   * @throws Problem or KubernetesError if that cannot be told now
   */
  identify(credential: string): Promise<Identity | undefined> | Identity | undefined
}

export function identityOf(id: string, name: string, { scopes, userId, maxRamSize }: Grant): Identity {
  const maxRam = maxRamSize === undefined ? undefined : parseBytes(maxRamSize)
  return { id, name, scopes: new Set(scopes), userId, maxRam }
}
