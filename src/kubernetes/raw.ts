import { HttpMethod, type PromiseHttpLibrary, RequestContext } from '@kubernetes/client-node'
import { request } from 'undici'
import { codeOf, errorOf, KubernetesError } from './errors.ts'
import type { HttpOptions } from './http.ts'
import { resourceOf } from './resource.ts'

type Query = Readonly<Record<string, string>>

/** Requests without types, for what client-node cannot do: lists in pages that are taken as they are, and watches. */
export type RawRequests = {
  /** @param path below the server's own. @throws KubernetesError */
  get<T>(path: string, query: Query): Promise<T>
  /**
   * The body as it comes, for as long as it does.
   * @param silenceMs how long nothing may come; 0: for ever
   * @throws KubernetesError, also while it is read
   */
  stream(path: string, query: Query, signal: AbortSignal, silenceMs?: number): Promise<AsyncIterable<Uint8Array>>
}

/** An answer that has not begun after this long (ms) does not come. */
const BEGIN_MS = 30_000
/** A watch in which nothing is said, be it that nothing has changed, is taken for dead (ms). API servers say so every minute. */
const SILENCE_MS = 150_000

export function rawRequests(server: string, library: PromiseHttpLibrary, options: HttpOptions): RawRequests {
  const urlOf = (path: string, query: Query) => `${server}${path}?${new URLSearchParams(query)}`
  return {
    async get(path, query) {
      const { body } = await library.send(new RequestContext(urlOf(path, query), HttpMethod.GET))
      return JSON.parse(await body.text())
    },
    async stream(path, query, signal, silenceMs = SILENCE_MS) {
      const url = urlOf(path, query)
      const { authorizer, base, onCall } = options
      const started = performance.now()
      const done = (status: number) => {
        const seconds = (performance.now() - started) / 1000
        onCall({ method: 'WATCH', resource: resourceOf(url, base), status, seconds })
      }
      const authorization = await authorizer.authorize('GET', signal)
      const { headers, dispatcher } = authorization
      const timeouts = { headersTimeout: BEGIN_MS, bodyTimeout: silenceMs }
      const answer = await request(url, { headers, dispatcher, signal, ...timeouts }).catch((error: unknown) => {
        done(0)
        throw unreachable(error)
      })
      done(answer.statusCode)
      if (answer.statusCode < 400) return translated(answer.body)
      if (answer.statusCode === 401) authorizer.renew(authorization)
      throw errorOf(answer.statusCode, await answer.body.text(), { secret: false, isRead: true })
    },
  }
}

async function* translated(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw unreachable(error)
  }
}

function unreachable(error: unknown): KubernetesError {
  return new KubernetesError(0, 'Unreachable', `the API server could not be reached: ${codeOf(error)}`)
}
