import { timingSafeEqual } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'
import { Value } from '@sinclair/typebox/value'
import type { FastifyBaseLogger } from 'fastify'
import { ReloadedFile } from '../reloaded-file.ts'
import { parseBytes } from '../sizing/quantity.ts'
import { digest, type Entry, EntrySchema, idOf } from './credential.ts'
import { type Authenticator, GRANT, type Grant, type Identity, identityOf } from './identity.ts'

const NAME = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?'
/** What a ServiceAccount of the cluster may do that shows a token made for this service. `name`: with its namespace, `sales/backend`. */
export const ServiceAccountSchema = Type.Object(
  { name: Type.String({ pattern: `^${NAME}/${NAME}$`, maxLength: 317 }), ...GRANT },
  { additionalProperties: false },
)
export type ServiceAccount = Static<typeof ServiceAccountSchema>
const FileSchema = Type.Object(
  { keys: Type.Array(EntrySchema), serviceAccounts: Type.Optional(Type.Array(ServiceAccountSchema)) },
  { additionalProperties: false },
)
const UNKNOWN = Buffer.alloc(32)
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** What a credentials file grants: to keys, by their ids, and to ServiceAccounts, by `namespace/name`. */
export type Grants = { keys: ReadonlyMap<string, Entry>; serviceAccounts: ReadonlyMap<string, Grant> }

/** What is wrong with a credentials file; it names entries, and never their digests. */
export class CredentialsError extends Error {
  override name = 'CredentialsError'
}

/** The credentials that open this service: from a file that is read again when it changes, and those kept in the cluster. */
export class CredentialStore implements Authenticator {
  readonly #file: ReloadedFile
  readonly #log: FastifyBaseLogger
  #grants: Grants = { keys: new Map(), serviceAccounts: new Map() }
  #kept: ReadonlyMap<string, Entry> = new Map()

  private constructor(file: string, log: FastifyBaseLogger) {
    this.#log = log
    this.#file = new ReloadedFile(file, (text) => {
      this.#grants = parseCredentials(text)
      const { keys, serviceAccounts } = this.#grants
      log.info({ credentials: keys.size, serviceAccounts: serviceAccounts.size }, 'the credentials were read')
    })
  }

  /**
   * @param file empty: there are no credentials, and every request that needs one is refused
   * @throws CredentialsError, or the error of reading the file
   */
  static async open(file: string, log: FastifyBaseLogger): Promise<CredentialStore> {
    const store = new CredentialStore(file, log)
    if (file === '') log.warn('no API_KEYS_FILE is set: every request that needs a credential is refused')
    await store.#file.load()
    return store
  }

  /** Begins to look for changes of the file. A bad change is logged, and what was read before stays in force. */
  watch(): void {
    const failed = 'the changed credentials file cannot be used'
    this.#file.watch(({ message }) => this.#log.error({ reason: message }, failed))
  }

  close(): void {
    this.#file.close()
  }

  /** Takes these in force besides those of the file, and no others that were given here before. */
  keep(entries: ReadonlyMap<string, Entry>): void {
    this.#kept = entries
  }

  /** What is granted to a ServiceAccount, `namespace/name`. */
  grantOf(serviceAccount: string): Grant | undefined {
    return this.#grants.serviceAccounts.get(serviceAccount)
  }

  recognizes(credential: string): boolean {
    return idOf(credential) !== undefined
  }

  /** Who a credential belongs to; undefined if it is unknown, wrong or expired. Takes the same time for each of these. */
  identify(credential: string): Identity | undefined {
    const id = idOf(credential) ?? ''
    const entry = this.#grants.keys.get(id) ?? this.#kept.get(id)
    const expected = entry ? Buffer.from(entry.sha256, 'hex') : UNKNOWN
    const isRight = timingSafeEqual(digest(credential), expected)
    if (!entry || !isRight) return undefined
    if (entry.expiresAt !== undefined && Date.parse(entry.expiresAt) <= Date.now()) return undefined
    return identityOf(entry.id, entry.name, entry)
  }
}

/** @throws CredentialsError */
export function parseCredentials(text: string): Grants {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new CredentialsError('the credentials file is not JSON')
  }
  const [error] = Value.Errors(FileSchema, content)
  // The value is left out: it may be a credential that somebody has put in the wrong place.
  if (error) throw new CredentialsError(`the credentials file is not valid at ${placeOf(error)}: ${error.message}`)
  const { keys, serviceAccounts = [] } = content as Static<typeof FileSchema>
  for (const [index, entry] of keys.entries()) {
    const at = `the credentials file is not valid at /keys/${index}`
    checkSize(entry, at)
    const { expiresAt } = entry
    if (expiresAt !== undefined && !(RFC_3339.test(expiresAt) && !Number.isNaN(Date.parse(expiresAt))))
      throw new CredentialsError(`${at}/expiresAt: no date and time of RFC 3339`)
  }
  for (const [index, grant] of serviceAccounts.entries()) {
    checkSize(grant, `the credentials file is not valid at /serviceAccounts/${index}`)
  }
  return {
    keys: unique(keys, ({ id }) => id, 'the credentials file has two entries of one id'),
    serviceAccounts: unique(serviceAccounts, ({ name }) => name, 'the credentials file has two entries of one name'),
  }
}

function unique<T>(all: readonly T[], keyOf: (one: T) => string, otherwise: string): ReadonlyMap<string, T> {
  const byKey = new Map(all.map((one) => [keyOf(one), one]))
  if (byKey.size !== all.length) throw new CredentialsError(otherwise)
  return byKey
}

/** Where the mistake is; of a field that should not be there only what holds it, as its name may be a credential. */
function placeOf({ path, type }: ValueError): string {
  const isUnknownField = type === ValueErrorType.ObjectAdditionalProperties
  return (isUnknownField ? path.slice(0, path.lastIndexOf('/')) : path) || '/'
}

function checkSize({ maxRamSize }: Grant, at: string): void {
  try {
    if (maxRamSize !== undefined) parseBytes(maxRamSize)
  } catch (error) {
    throw new CredentialsError(`${at}/maxRamSize: ${(error as Error).message}`)
  }
}
