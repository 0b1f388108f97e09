import { timingSafeEqual } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'
import { Value } from '@sinclair/typebox/value'
import type { FastifyBaseLogger } from 'fastify'
import { ReloadedFile } from '../reloaded-file.ts'
import { parseBytes } from '../sizing/quantity.ts'
import { digest, type Entry, EntrySchema, idOf, type Scope } from './credential.ts'

const FileSchema = Type.Object({ keys: Type.Array(EntrySchema) }, { additionalProperties: false })
const UNKNOWN = Buffer.alloc(32)
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** Who sends a request. */
export type Identity = {
  id: string
  name: string
  scopes: ReadonlySet<Scope>
  userId: string | undefined
  /** Bytes. */
  maxRam: bigint | undefined
}

/** What is wrong with a credentials file; it names entries, and never their digests. */
export class CredentialsError extends Error {
  override name = 'CredentialsError'
}

/** The credentials that open this service: from a file that is read again when it changes, and those kept in the cluster. */
export class CredentialStore {
  readonly #file: ReloadedFile
  readonly #log: FastifyBaseLogger
  #entries: ReadonlyMap<string, Entry> = new Map()
  #kept: ReadonlyMap<string, Entry> = new Map()

  private constructor(file: string, log: FastifyBaseLogger) {
    this.#log = log
    this.#file = new ReloadedFile(file, (text) => {
      this.#entries = parseCredentials(text)
      log.info({ credentials: this.#entries.size }, 'the credentials were read')
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

  /** Who a credential belongs to; undefined if it is unknown, wrong or expired. Takes the same time for each of these. */
  identify(credential: string): Identity | undefined {
    const id = idOf(credential) ?? ''
    const entry = this.#entries.get(id) ?? this.#kept.get(id)
    const expected = entry ? Buffer.from(entry.sha256, 'hex') : UNKNOWN
    const isRight = timingSafeEqual(digest(credential), expected)
    if (!entry || !isRight) return undefined
    if (entry.expiresAt !== undefined && Date.parse(entry.expiresAt) <= Date.now()) return undefined
    return {
      id: entry.id,
      name: entry.name,
      scopes: new Set(entry.scopes),
      userId: entry.userId,
      maxRam: entry.maxRamSize === undefined ? undefined : parseBytes(entry.maxRamSize),
    }
  }
}

/** @throws CredentialsError */
export function parseCredentials(text: string): ReadonlyMap<string, Entry> {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new CredentialsError('the credentials file is not JSON')
  }
  const [error] = Value.Errors(FileSchema, content)
  // The value is left out: it may be a credential that somebody has put in the wrong place.
  if (error) throw new CredentialsError(`the credentials file is not valid at ${placeOf(error)}: ${error.message}`)
  const { keys } = content as { keys: Entry[] }
  for (const [index, { expiresAt, maxRamSize }] of keys.entries()) {
    const at = `the credentials file is not valid at /keys/${index}`
    if (expiresAt !== undefined && !(RFC_3339.test(expiresAt) && !Number.isNaN(Date.parse(expiresAt))))
      throw new CredentialsError(`${at}/expiresAt: no date and time of RFC 3339`)
    if (maxRamSize !== undefined) checkSize(maxRamSize, `${at}/maxRamSize`)
  }
  const entries = new Map(keys.map((entry) => [entry.id, entry]))
  if (entries.size !== keys.length) throw new CredentialsError('the credentials file has two entries of one id')
  return entries
}

/** Where the mistake is; of a field that should not be there only what holds it, as its name may be a credential. */
function placeOf({ path, type }: ValueError): string {
  const isUnknownField = type === ValueErrorType.ObjectAdditionalProperties
  return (isUnknownField ? path.slice(0, path.lastIndexOf('/')) : path) || '/'
}

function checkSize(size: string, at: string): void {
  try {
    parseBytes(size)
  } catch (error) {
    throw new CredentialsError(`${at}: ${(error as Error).message}`)
  }
}
