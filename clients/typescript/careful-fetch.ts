/** Statuses after which the same request can be right in a moment: the service says when. */
const PASSING = new Set([429, 503])
/** Waits between tries (ms) where the service says nothing: twice as long each time. */
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 5000

export type Patience = {
  /** How long (seconds) a request is tried again before its last answer is given; 0: it is sent once. */
  patienceSeconds?: number
  /** For a test. */
  sleep?: (milliseconds: number) => Promise<unknown>
}

/**
 * A fetch that does a client's chores: each write has an `Idempotency-Key`, so that it can be sent again without being done twice; what the
 * service cannot do now (429, 503) is sent again when it says (`Retry-After`), and so is what got no answer.
 */
export function carefulFetch(
  send: (request: Request) => Promise<Response>,
  { patienceSeconds = 60, sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }: Patience = {},
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID())
    }
    const giveUpAt = Date.now() + patienceSeconds * 1000
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      const answer = await send(request.clone()).catch((error: unknown) => error as Error)
      if (answer instanceof Response && !PASSING.has(answer.status)) return answer
      const told = answer instanceof Response ? Number(answer.headers.get('retry-after')) * 1000 : 0
      const pause = told || wait * (0.5 + Math.random() / 2)
      if (request.signal.aborted || Date.now() + pause > giveUpAt) {
        if (answer instanceof Response) return answer
        throw answer
      }
      if (answer instanceof Response) await answer.body?.cancel()
      await sleep(pause)
    }
  }
}
