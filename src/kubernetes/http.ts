import { setTimeout as sleep } from 'node:timers/promises'
import {
  type KubernetesObject,
  type PromiseHttpLibrary,
  type RequestContext,
  ResponseContext,
} from '@kubernetes/client-node'
import pRetry from 'p-retry'
import { type Dispatcher, request } from 'undici'
import { inCall } from '../spans.ts'
import { codeOf, errorOf, KubernetesError } from './errors.ts'
import { isAboutSecrets, resourceOf } from './resource.ts'
import { within } from './within.ts'

/** One finished call, for metrics and the health of the connection. `status` 0: no answer. `seconds` with all tries. */
export type Call = { method: string; resource: string; status: number; seconds: number }

type Asked = Pick<Call, 'method' | 'resource'>

/** A write that was made, by its path below the server's own, and the object as it is from then on; of a deletion maybe a Status. */
export type Answer = { method: string; path: string; object: KubernetesObject & { details?: { uid?: string } } }

/** What a request is sent with: headers that say who sends it, over connections that are secured as the kubeconfig says. */
export type Authorization = { headers: Record<string, string>; dispatcher: Dispatcher }

export type Authorizer = {
  /** @throws KubernetesError with the reason `Credentials` */
  authorize(method: string, signal?: AbortSignal): Promise<Authorization>
  /** Told of a 401. @returns whether another credential may be had */
  renew(refused: Authorization): boolean
}

export type HttpOptions = {
  /** Path of the API server itself, as behind Rancher; empty for none. */
  base: string
  authorizer: Authorizer
  /** For a whole call, tries included. */
  deadlinesMs: { read: number; write: number }
  onCall: (call: Call) => void
  /** Told what the API server says of a write that it has made. */
  onWritten?: (answer: Answer) => void
}

/** Tries after the first one. With the waits between them they take a second or two, well within any deadline. */
const RETRIES = 4
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 1000

/** Failures before the request left: trying again can't do anything twice. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** No credential to send it with, a quota that is not counted yet, too many requests. */
const NOTHING_DONE = new Set([0, 403, 429])

type Attempt = { options: HttpOptions; context: RequestContext; method: string; signal: AbortSignal }

/**
 * How client-node's typed calls reach the API server: over a shared pool, with one deadline for all tries, tries again with
 * jitter where that is safe, and every failure as a KubernetesError. Credentials are asked for here and not by client-node, so
 * that the deadline and the tries hold for them too.
 */
export function httpLibrary(options: HttpOptions): PromiseHttpLibrary {
  const { base } = options
  return {
    send: (context) => {
      const method = context.getHttpMethod()
      const resource = resourceOf(context.getUrl(), base)
      return inCall(`${method} ${resource}`, { method, resource }, () => sent(options, context, { method, resource }))
    },
  }
}

async function sent(options: HttpOptions, context: RequestContext, call: Asked): Promise<ResponseContext> {
  const { deadlinesMs, onCall } = options
  const started = performance.now()
  const done = (status: number) => onCall({ ...call, status, seconds: (performance.now() - started) / 1000 })
  const deadlineMs = call.method === 'GET' ? deadlinesMs.read : deadlinesMs.write
  const signal = AbortSignal.timeout(deadlineMs)
  try {
    const answer = await pRetry(() => attempt({ options, context, method: call.method, signal }), {
      retries: RETRIES,
      minTimeout: FIRST_WAIT_MS,
      maxTimeout: LONGEST_WAIT_MS,
      randomize: true,
      signal,
      shouldRetry: async ({ error }) => isSafeToRepeat(call.method, error) && asTold(error, signal),
    })
    done(answer.httpStatusCode)
    if (call.method !== 'GET') await tell(options, context, answer)
    return answer
  } catch (error) {
    const translated = translate(error, call, deadlineMs)
    done(translated.status)
    throw translated
  }
}

/** Not of dry runs, which write nothing, and not of Secrets. */
async function tell(
  { base, onWritten }: HttpOptions,
  context: RequestContext,
  { body }: ResponseContext,
): Promise<void> {
  const { pathname, searchParams } = new URL(context.getUrl())
  if (onWritten === undefined || searchParams.has('dryRun') || isAboutSecrets(context.getUrl(), base)) return
  const object: Answer['object'] = JSON.parse(await body.text())
  // A POST names its object only in the answer.
  const { name } = object.metadata ?? {}
  const path = pathname.slice(base.length)
  onWritten({
    method: context.getHttpMethod(),
    path: context.getHttpMethod() === 'POST' ? `${path}/${name}` : path,
    object,
  })
}

async function attempt({ options, context, method, signal }: Attempt): Promise<ResponseContext> {
  const { authorizer, base } = options
  const authorization = await authorizer.authorize(method, signal)
  const sent = request(context.getUrl(), {
    method,
    headers: { ...context.getHeaders(), ...authorization.headers },
    body: (context.getBody() as string | undefined) ?? null,
    dispatcher: authorization.dispatcher,
    signal,
  })
  // While a request waits for a connection it does not hear of the signal; it is not sent any more when there is one.
  const { statusCode, headers, body } = await within(sent, signal)
  const text = await body.text()
  if (statusCode >= 400) {
    const secret = isAboutSecrets(context.getUrl(), base)
    const error = errorOf(statusCode, text, { secret, isRead: method === 'GET' })
    if (statusCode === 401 && authorizer.renew(authorization)) throw new OutdatedError(error)
    error.retryAfterMs = Number(headers['retry-after'] ?? 0) * 1000 || 0
    throw error
  }
  return new ResponseContext(
    statusCode,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    { text: async () => text, binary: async () => Buffer.from(text), stream: () => null },
  )
}

/** Comes again when an API server that has too much to do has said, or not at all if the deadline of the call is over before. */
async function asTold(error: unknown, signal: AbortSignal): Promise<true> {
  const { retryAfterMs = 0 } = error as Partial<KubernetesError>
  if (retryAfterMs > 0) {
    await sleep(retryAfterMs, undefined, { signal }).catch(() => {
      throw error
    })
  }
  return true
}

/** A credential was refused that can be had anew. The request was not looked at, so it can be sent again whatever it is. */
class OutdatedError extends Error {
  readonly refusal: KubernetesError

  constructor(refusal: KubernetesError) {
    super(refusal.message)
    this.refusal = refusal
  }
}

function isSafeToRepeat(method: string, error: unknown): boolean {
  if (error instanceof OutdatedError) return true
  if (error instanceof KubernetesError) {
    if (error.meaning !== 'unavailable') return false
    return NOTHING_DONE.has(error.status) || (error.status >= 500 && method !== 'POST')
  }
  if (isTimeout(error)) return false
  // A POST whose answer was lost may have been done, and a second one would be told "already exists" by the first.
  return method !== 'POST' || NOT_SENT.has(codeOf(error))
}

function translate(error: unknown, call: Asked, deadlineMs: number): KubernetesError {
  if (error instanceof OutdatedError) return error.refusal
  if (error instanceof KubernetesError) {
    // The API server's own deadline was over first.
    return error.status === 504 ? new KubernetesError(504, error.reason, lateness(call, 'in time')) : error
  }
  if (isTimeout(error)) return new KubernetesError(0, 'Timeout', lateness(call, `within ${deadlineMs / 1000} s`))
  return new KubernetesError(0, 'Unreachable', `the API server could not be reached: ${codeOf(error)}`)
}

/** Reads are judged by no webhook; a write waits for all that are to judge it. */
function lateness({ method, resource }: Asked, when: string): string {
  const why = method === 'GET' ? '' : '; a slow admission webhook may be why'
  return `the API server did not answer ${method} ${resource} ${when}${why}`
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}
