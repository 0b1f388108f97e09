import { createHash, randomBytes } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { GRANT } from './identity.ts'

/** One entry of the credentials file. It does not hold the credential, only its digest. */
export const EntrySchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]{4,32}$' }),
    name: Type.String(),
    /** Hex digest of the whole credential. */
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    ...GRANT,
    /** RFC 3339. */
    expiresAt: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export type Entry = Static<typeof EntrySchema>

const ID_BYTES = 6
/** 256 random bits: no digest needs to be slow to compute. */
const SECRET_BYTES = 32
const CREDENTIAL = /^fxp_([a-z0-9]{4,32})_[A-Za-z0-9_-]{20,}$/

/** A new credential, `fxp_<id>_<secret>`, and the entry by which it is recognised. The credential itself is kept nowhere. */
export function newCredential(entry: Omit<Entry, 'id' | 'sha256'>): { key: string; entry: Entry } {
  const id = randomBytes(ID_BYTES).toString('hex')
  const key = `fxp_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  return { key, entry: { id, sha256: digest(key).toString('hex'), ...entry } }
}

/** The id in a credential, or undefined if the text is none. */
export function idOf(credential: string): string | undefined {
  return CREDENTIAL.exec(credential)?.[1]
}

export function digest(credential: string): Buffer {
  return createHash('sha256').update(credential).digest()
}
