import type { Tenant } from './generated/api.ts'

/** What a stream tells: a tenant as it is, one that is gone, that all were told, or that all are told anew. */
export type StreamEvent =
  | { event: 'tenant'; tenant: Tenant }
  | { event: 'deleted'; userId: string }
  | { event: 'synced' }
  | { event: 'resync' }

export type StreamOptions = {
  /** Only this tenant; the stream ends once it is gone. */
  userId?: string
  signal?: AbortSignal
  fetch?: typeof fetch
}

const AGAIN_MS = 1000
/** A service that says nothing for so long (ms), not even that it lives, is asked anew. */
const SILENCE_MS = 45_000

/**
 * Follows tenants, and goes on where it was when the connection ends, for as long as it is asked for more.
 * @throws Error with the status if the service refuses; a failing connection is tried again
 */
export async function* follow(
  address: string,
  credential: string,
  { userId, signal, fetch: send = fetch }: StreamOptions = {},
): AsyncGenerator<StreamEvent> {
  const url = `${address}${userId === undefined ? '' : `/tenants/${encodeURIComponent(userId)}`}/stream`
  let lastEventId = ''
  while (!signal?.aborted) {
    const headers = {
      authorization: `Bearer ${credential}`,
      ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
    }
    const silence = new AbortController()
    const either = AbortSignal.any([silence.signal, ...(signal ? [signal] : [])])
    const answer = await send(url, { headers, signal: either }).catch(() => undefined)
    if (answer && !answer.ok && answer.status !== 429 && answer.status < 500) {
      throw new Error(`the service answered ${answer.status} to a stream`)
    }
    if (answer?.ok) {
      let timer = setTimeout(() => silence.abort(), SILENCE_MS)
      const onText = () => {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), SILENCE_MS)
      }
      try {
        for await (const { id, event, data } of eventsIn(answer.body!, onText)) {
          if (id) lastEventId = id
          const told = JSON.parse(data)
          if (event === 'tenant') yield { event, tenant: told }
          else if (event === 'deleted') yield { event, userId: told.userId }
          else if (event === 'synced' || event === 'resync') yield { event }
          if (event === 'deleted' && told.userId === userId) return
        }
      } catch (error) {
        if (signal?.aborted) return
        if (error instanceof SyntaxError) throw error
      } finally {
        clearTimeout(timer)
        silence.abort()
      }
    }
    if (!signal?.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

type Fields = { id?: string; event?: string; data: string }

async function* eventsIn(body: ReadableStream<Uint8Array>, onText: () => void): AsyncGenerator<Fields> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    onText()
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = events.pop()!
    for (const text of events) {
      const lines = text.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line))
      const fields = Object.fromEntries(lines.filter((line) => line !== null).map(([, name, value]) => [name, value]))
      if (fields.event) yield fields as Fields
    }
  }
}
