/** What went wrong between us and the API server, translated once, in http.ts. Nothing of a Secret ever gets in here. */
export class KubernetesError extends Error {
  override name = 'KubernetesError'
  /** HTTP status; 0 if there was no answer. */
  readonly status: number
  /** Kubernetes' own reason, such as `AlreadyExists`; ours for no answer: `Unreachable` or `Timeout`. */
  readonly reason: string
  /** Fields that the API server did not like, as it names them. */
  readonly causes: readonly { field: string; reason: string; message: string }[]

  constructor(status: number, reason: string, message: string, causes: KubernetesError['causes'] = []) {
    super(message)
    this.status = status
    this.reason = reason
    this.causes = causes
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
export function errorOf(status: number, body: string, secret: boolean): KubernetesError {
  const answer = parseStatus(body)
  const reason = answer.reason ?? `HTTP ${status}`
  const causes = (answer.details?.causes ?? []).map(({ field = '', reason = '', message = '' }) =>
    secret ? { field: '', reason, message: '' } : { field, reason, message },
  )
  if (secret) return new KubernetesError(status, reason, `the API server refused a Secret: ${reason}`, causes)
  return new KubernetesError(status, reason, answer.message ?? `the API server answered ${status}`, causes)
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

export const isNotFound = (error: unknown) => is(error, 404)
export const isForbidden = (error: unknown) => is(error, 403)
export const isAlreadyExists = (error: unknown) => is(error, 409, 'AlreadyExists')
/** Somebody else changed the object since it was read: read it again. */
export const isConflict = (error: unknown) => is(error, 409, 'Conflict')

/** Creating inside a namespace that is being deleted; the namespace itself answers differently. */
export function isTerminating(error: unknown): boolean {
  return (
    error instanceof KubernetesError &&
    (error.causes.some(({ reason }) => reason === 'NamespaceTerminating') ||
      (error.status === 409 && error.message.includes('object is being deleted')))
  )
}

/** The API server could not be reached, did not answer in time, or said that it is too busy: nothing is wrong with the request. */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof KubernetesError &&
    (error.status === 0 || error.status === 429 || error.status >= 500 || quotaNotComputed(error))
  )
}

/** The API server, or a policy of the cluster, has said no to what was asked, and would again. */
export function isRefused(error: unknown): boolean {
  const isNo = error instanceof KubernetesError && [400, 403, 422].includes(error.status)
  return isNo && !isUnavailable(error) && !isTerminating(error)
}

/** An admission webhook has side effects that it cannot leave out, so the API server does not ask it in a dry run. */
export function takesNoDryRun(error: unknown): boolean {
  return is(error, 400) && (error as KubernetesError).message.includes('does not support dry run')
}

/** A quota of the namespace has no room for the object now; it may have when something else is gone, or counted. */
export function isQuotaExceeded(error: unknown): boolean {
  return is(error, 403) && (error as KubernetesError).message.includes('exceeded quota')
}

/** A quota so new that its use is not counted yet. */
export function quotaNotComputed({ status, message }: KubernetesError): boolean {
  return status === 403 && message.includes('status unknown for quota')
}
