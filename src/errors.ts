/** Every problem that a caller can be told about: code, HTTP status, title. `type` is `urn:fluxiondb-provisioner:problem:<code>`. */
export const CATALOGUE = {
  'invalid-request': [400, 'The request is not valid'],
  unauthenticated: [401, 'A valid credential is needed'],
  'scope-missing': [403, 'The credential does not allow this'],
  'option-not-allowed': [403, 'The operator does not allow this option'],
  'ram-above-credential': [403, 'The credential does not allow this much RAM'],
  'route-not-found': [404, 'There is nothing at this address'],
  'tenant-not-found': [404, 'There is no such tenant'],
  'operation-not-found': [404, 'There is no such operation'],
  'method-not-allowed': [405, 'The address does not have this method'],
  'request-timeout': [408, 'The request did not arrive in time'],
  'tenant-exists': [409, 'The tenant exists'],
  'tenant-deleted': [409, 'The tenant is deleted'],
  'tenant-deleting': [409, 'The tenant is being deleted for good'],
  'tenant-suspended': [409, 'The tenant is suspended'],
  'secret-missing': [409, "The tenant's Secret is missing"],
  'tenant-protected': [409, 'The tenant is protected'],
  'namespace-taken': [409, 'A namespace of this name belongs to somebody else'],
  'not-adoptable': [409, 'The namespace cannot be taken over'],
  'too-many-tenants': [409, 'There are as many tenants as the operator allows'],
  'create-in-progress': [409, 'Another create of this tenant is under way'],
  'not-feasible': [409, 'The change cannot be made'],
  'no-log': [409, 'There is no such log'],
  'key-differs': [409, 'The tenant has another key'],
  'precondition-failed': [412, 'A condition of the request does not hold'],
  'body-too-large': [413, 'The request body is too large'],
  'unsupported-media-type': [415, 'The content type is not supported'],
  'too-many-requests': [429, 'Too many requests'],
  'headers-too-large': [431, 'The headers of the request are too large'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used for another request'],
  'refused-by-cluster': [422, 'The cluster refused the change'],
  'record-unreadable': [500, "The tenant's record cannot be read"],
  'internal-error': [500, 'The service failed'],
  'cluster-unavailable': [503, 'The cluster cannot be used now'],
  'issuer-unavailable': [503, 'The issuer of tokens cannot be reached now'],
  overloaded: [503, 'The service has too much to do'],
  'handler-timeout': [503, 'The request took too long'],
  'not-ready': [503, 'The service is not ready'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof CATALOGUE

/** What is wrong with one part of the request: a JSON pointer into the body, or the name of a parameter or header. */
export type FieldError = { pointer: string; message: string }

/** A problem to tell the caller. Its detail never holds a secret, nor a value of a header or key. */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly errors: readonly FieldError[]
  /** Whether the same request may succeed later. */
  readonly retryable: boolean

  constructor(code: ProblemCode, detail: string, options: { errors?: FieldError[]; retryable?: boolean } = {}) {
    super(detail)
    this.code = code
    const [status, title] = CATALOGUE[code]
    this.status = status
    this.title = title
    this.errors = options.errors ?? []
    this.retryable = options.retryable ?? status === 503
  }
}

/** Makes a problem; without a detail its title says all there is to say. */
export function problem(
  code: ProblemCode,
  detail?: string,
  options?: { errors?: FieldError[]; retryable?: boolean },
): Problem {
  return new Problem(code, detail ?? `${CATALOGUE[code][1]}.`, options)
}
