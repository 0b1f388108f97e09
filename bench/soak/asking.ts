import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Api } from '../../test/helpers/api.ts'

/** Statuses that say that the same request can be right in a moment. */
const PASSING = [429, 503]
/** How long (s) a customer tries again. */
const PATIENCE_SECONDS = 180

/** Sends requests as a careful client does: those that change something with an Idempotency-Key, and again while the service says so. */
export function asking(api: Api) {
  const counts = { requests: 0, writes: 0, retries: 0 }
  const latencies: number[] = []

  async function ask(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = method === 'GET' ? {} : { 'idempotency-key': randomUUID() }
    if (method !== 'GET') counts.writes++
    for (const end = performance.now() + PATIENCE_SECONDS * 1000; ; counts.retries++) {
      counts.requests++
      const askedAt = performance.now()
      const answer = await api(method, path, body, headers)
      latencies.push(performance.now() - askedAt)
      if (!PASSING.includes(answer.status) || performance.now() > end) return answer
      await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000)
    }
  }
  return { api, ask, counts, latencies }
}

export type Asking = ReturnType<typeof asking>
