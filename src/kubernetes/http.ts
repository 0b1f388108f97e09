import { type PromiseHttpLibrary, type RequestContext, ResponseContext } from '@kubernetes/client-node'
import pRetry from 'p-retry'
import { request } from 'undici'
import { errorOf, KubernetesError, quotaNotComputed } from './errors.ts'

/** One finished call, for metrics and the health of the connection. `status` 0: no answer. `seconds` with all tries. */
export type Call = { method: string; resource: string; status: number; seconds: number }

/** Tries after the first one. With the waits between them they take a second or two, well within any deadline. */
const RETRIES = 4
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 1000

/** Failures before the request left: trying again can't do anything twice. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/**
 * How client-node's typed calls reach the API server: over a shared pool, with one deadline for all tries, tries again with
 * jitter where that is safe, and every failure as a KubernetesError.
 * @param deadlineMs for a whole call
 */
export function httpLibrary(deadlineMs: number, onCall: (call: Call) => void): PromiseHttpLibrary {
  return {
    async send(context) {
      const started = performance.now()
      const call = { method: context.getHttpMethod(), resource: resourceOf(context.getUrl()) }
      const done = (status: number) => onCall({ ...call, status, seconds: (performance.now() - started) / 1000 })
      const signal = AbortSignal.timeout(deadlineMs)
      try {
        const answer = await pRetry(() => attempt(context, signal), {
          retries: RETRIES,
          minTimeout: FIRST_WAIT_MS,
          maxTimeout: LONGEST_WAIT_MS,
          randomize: true,
          signal,
          shouldRetry: ({ error }) => isSafeToRepeat(call.method, error),
        })
        done(answer.httpStatusCode)
        return answer
      } catch (error) {
        const translated = translate(error, deadlineMs)
        done(translated.status)
        throw translated
      }
    },
  }
}

async function attempt(context: RequestContext, signal: AbortSignal): Promise<ResponseContext> {
  const { statusCode, headers, body } = await request(context.getUrl(), {
    method: context.getHttpMethod(),
    headers: context.getHeaders(),
    body: (context.getBody() as string | undefined) ?? null,
    dispatcher: context.getDispatcher()!,
    signal,
  })
  const text = await body.text()
  if (statusCode >= 400) throw errorOf(statusCode, text, isAboutSecrets(context.getUrl()))
  return new ResponseContext(
    statusCode,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    { text: async () => text, binary: async () => Buffer.from(text), stream: () => null },
  )
}

function isSafeToRepeat(method: string, error: unknown): boolean {
  if (error instanceof KubernetesError) {
    if (error.status === 429 || quotaNotComputed(error)) return true
    return error.status >= 500 && method !== 'POST'
  }
  if (isTimeout(error)) return false
  // A POST whose answer was lost may have been done, and a second one would be told "already exists" by the first.
  return method !== 'POST' || NOT_SENT.has(codeOf(error))
}

function translate(error: unknown, deadlineMs: number): KubernetesError {
  if (error instanceof KubernetesError) return error
  if (isTimeout(error)) {
    return new KubernetesError(0, 'Timeout', `the API server did not answer within ${deadlineMs} ms`)
  }
  return new KubernetesError(0, 'Unreachable', `the API server could not be reached: ${codeOf(error)}`)
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return code ?? cause?.code ?? (error as Error).name
}

function isAboutSecrets(url: string): boolean {
  return resourceOf(url) === 'secrets'
}

/** `pods/resize` of `/api/v1/namespaces/x/pods/y/resize`: the resource without names, fit for a metric's label. */
export function resourceOf(url: string): string {
  const parts = new URL(url).pathname.split('/').filter(Boolean)
  const rest = parts.slice(parts[0] === 'api' ? 2 : parts[0] === 'apis' ? 3 : 0)
  const [resource = '', , subresource] = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest
  return subresource ? `${resource}/${subresource}` : resource
}
