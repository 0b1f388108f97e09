import { type Meaning, meaningOf, whoRefused } from './meaning.ts'

/** What callers and operations are told instead of the cluster's words, which name accounts, rights and objects. */
const NOT_ALLOWED = 'the cluster does not let this service do this now'

type Cause = { field: string; reason: string; message: string }

/** What went wrong between us and the API server, translated once, in http.ts. Nothing of a Secret ever gets in here. */
export class KubernetesError extends Error {
  override name = 'KubernetesError'
  /** HTTP status; 0 if there was no answer. */
  readonly status: number
  /** Kubernetes' own reason, such as `AlreadyExists`; ours for no answer: `Unreachable`, `Timeout` or `Credentials`. */
  readonly reason: string
  /** Fields that the API server did not like, as it names them. */
  readonly causes: readonly Cause[]
  readonly meaning: Meaning
  /** For the log, where operators read it. The message is for callers too, and does not name what is the service's own. */
  readonly detail: string
  /** How long the API server would be left alone, in ms; 0: it has not said. */
  retryAfterMs = 0

  constructor(
    status: number,
    reason: string,
    message: string,
    causes: readonly Cause[] = [],
    { detail = message, meaning = meaningOf({ status, words: message, causes, isRead: false }) } = {},
  ) {
    super(meaning === 'not-allowed' ? NOT_ALLOWED : message)
    this.status = status
    this.reason = reason
    this.causes = causes
    this.meaning = meaning
    this.detail = detail
  }
}

/** The part of a Kubernetes `Status` object that is used here. */
type Status = {
  reason?: string
  message?: string
  details?: { causes?: { field?: string; reason?: string; message?: string }[] }
}

/**
 * The error for an answer of 400 or more.
 * @param secret whether the request was about a Secret: then the server's words are left out, as they may quote its values
 */
export function errorOf(
  status: number,
  body: string,
  { secret, isRead }: { secret: boolean; isRead: boolean },
): KubernetesError {
  const answer = parseStatus(body)
  const { reason = `HTTP ${status}`, message: words = '' } = answer
  const causes = (answer.details?.causes ?? []).map(({ field = '', reason = '', message = '' }) =>
    secret ? { field: '', reason, message: '' } : { field, reason, message },
  )
  // Judged by all of its words, before those about a Secret are dropped.
  const meaning = meaningOf({ status, words, causes, isRead })
  const message = secret ? aboutSecret(reason, words) : words || `the API server answered ${status}`
  return new KubernetesError(status, reason, message, causes, { meaning })
}

function aboutSecret(reason: string, words: string): string {
  const who = whoRefused(words)
  return `the API server refused a Secret: ${reason}${who === undefined ? '' : ` (${who})`}`
}

function parseStatus(body: string): Status {
  try {
    return JSON.parse(body) ?? {}
  } catch {
    return {} // A proxy's page, say: its text is of no use to anyone here.
  }
}

const is = (error: unknown, status: number, reason?: string) =>
  error instanceof KubernetesError && error.status === status && (reason === undefined || error.reason === reason)
const means = (error: unknown, meaning: Meaning): error is KubernetesError =>
  error instanceof KubernetesError && error.meaning === meaning

export const isNotFound = (error: unknown) => is(error, 404)
/** What was read, or undefined if it is not there. */
export async function ignoreNotFound<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** This service has no right to it. Not 401: that is no matter of rights. */
export const isForbidden = (error: unknown) => is(error, 403) && means(error, 'not-allowed')
export const isAlreadyExists = (error: unknown) => is(error, 409, 'AlreadyExists')
/** Somebody else changed the object since it was read: read it again. */
export const isConflict = (error: unknown) => is(error, 409, 'Conflict') && means(error, 'conflict')

/** Creating inside a namespace that is being deleted; the namespace itself answers differently. */
export function isTerminating(error: unknown): boolean {
  return (
    error instanceof KubernetesError &&
    (error.causes.some(({ reason }) => reason === 'NamespaceTerminating') ||
      (error.status === 409 && error.message.includes('object is being deleted')))
  )
}

/** The API server could not be reached, did not answer in time, or cannot do it now: nothing is wrong with the request. */
export const isUnavailable = (error: unknown): error is KubernetesError => means(error, 'unavailable')

/** The cluster does not know this service, or does not let it do this: neither is the fault of who asked, and both may pass. */
export const isNotAllowed = (error: unknown): error is KubernetesError => means(error, 'not-allowed')

/** Admission or validation does not want what was asked for. */
export const isRefused = (error: unknown): error is KubernetesError => means(error, 'refused')

/** An admission webhook has side effects that it cannot leave out, so the API server does not ask it in a dry run. */
export function takesNoDryRun(error: unknown): boolean {
  return is(error, 400) && (error as KubernetesError).message.includes('does not support dry run')
}

/** A quota of the namespace has no room for the object now; it may have when something else is gone, or counted. */
export function isQuotaExceeded(error: unknown): error is KubernetesError {
  return means(error, 'refused') && error.status === 403 && error.message.includes('exceeded quota')
}

/** Why something of ours failed, for the log: what operators have to know of the cluster's words, too. */
export function reasonOf(error: unknown): string {
  return error instanceof KubernetesError ? error.detail : (error as Error).message
}

/** What may be logged of any failure on the way to the API server: no body, no header, nothing of a Secret. */
export function traceOf(error: unknown): { status?: number; reason: string; detail?: string } {
  if (error instanceof KubernetesError) {
    const { status, reason, detail } = error
    return { ...(status === 0 ? {} : { status }), reason, detail }
  }
  const { statusCode } = error as { statusCode?: unknown }
  if (typeof statusCode === 'number') return { status: statusCode, reason: `HTTP ${statusCode}` }
  return { reason: codeOf(error) }
}

/** The system's code of a failed connection, such as `ECONNREFUSED`; else the error's name. */
export function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: unknown }
  return String(code ?? cause?.code ?? name)
}
