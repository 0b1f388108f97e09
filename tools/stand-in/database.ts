import { WebSocket } from 'ws'
import type { ApiKey, DataRecord, Latest, LatestQuery, Scope, StandInInfo, TimedValue, TimeRange } from './messages.ts'

/** One open connection to FluxionDB or to its stand-in. */
export class Database {
  readonly #socket: WebSocket
  readonly #timeoutMs: number
  readonly #closed: Promise<number>
  readonly #waiting = new Map<string, Waiting>()
  #lastId = 0
  #lastError: string | undefined

  constructor(socket: WebSocket, timeoutMs: number) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
    socket.on('message', (data) => this.#settle(JSON.parse(data.toString())))
    this.#closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#abandon(code, reason.toString())
        resolve(code)
      })
    })
    // An error is always followed by a close, which says it to those who wait; without a listener it would end the process.
    socket.on('error', () => {})
  }

  /** Resolves when the records are in the database's memory. They are on disk only after its next flush. */
  async insert(records: DataRecord | DataRecord[]): Promise<void> {
    await this.request('ins', Array.isArray(records) ? records : [records])
  }

  /** The newest record of each document, by document. */
  async query(query: LatestQuery): Promise<Latest> {
    return (await this.request('qry', { ts: Number.MAX_SAFE_INTEGER, ...query })).records as Latest
  }

  /** The records of one document in a range of time, oldest first unless reversed. */
  async history(range: TimeRange): Promise<TimedValue[]> {
    const query = { from: 0, to: Number.MAX_SAFE_INTEGER, ...range }
    return (await this.request('qdoc', query)).records as TimedValue[]
  }

  async collections(): Promise<string[]> {
    return (await this.request('cols', {})).collections as string[]
  }

  /** Only with the master key. Throws if the database refuses. */
  async addKey(key: string, scope: Scope): Promise<void> {
    await this.request('keys', { action: 'add', key, scope })
  }

  async removeKey(key: string): Promise<void> {
    await this.request('keys', { action: 'remove', key })
  }

  async keys(): Promise<ApiKey[]> {
    return (await this.request('keys', { action: 'list' })).keys as ApiKey[]
  }

  /**
   * Only the stand-in knows this; the real database closes the connection. `hold` takes that many bytes of memory in
   * place of those held before, 0 gives them back; it resolves when all of them are in use.
   */
  async standIn(request: { hold: number } | { info: true }): Promise<StandInInfo> {
    return (await this.request('standin', request)).info as StandInInfo
  }

  /**
   * Any request. Throws if the database answers with an error, does not answer in time or closes the connection:
   * it does that, without a word, to a request that it cannot read.
   */
  async request(type: string, data: unknown): Promise<Answer> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error(`cannot send ${type}: the connection is closed`)
    const id = String(++this.#lastId)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const timer = setTimeout(() => reject(new Error(`no answer to ${type} in ${this.#timeoutMs} ms`)), this.#timeoutMs)
    this.#waiting.set(id, { resolve, reject })
    this.#socket.send(JSON.stringify({ id, type, data: JSON.stringify(data) }))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  /** Calls the listener when the connection ends, whichever side ended it; soon, if it has ended already. */
  onClose(listener: (code: number) => void): void {
    this.#closed.then(listener)
  }

  async close(): Promise<void> {
    this.#socket.close()
    await this.#closed
  }

  #settle(answer: Answer): void {
    if (answer.id === undefined) {
      // The greeting, or what a close is about to follow: then this is its only explanation.
      this.#lastError = answer.error
      return
    }
    const waiting = this.#waiting.get(answer.id)
    if (answer.error === undefined) waiting?.resolve(answer)
    else waiting?.reject(new Error(answer.error))
  }

  #abandon(code: number, reason: string): void {
    const why = [this.#lastError, reason, `code ${code}`].filter(Boolean).join(', ')
    for (const { reject } of this.#waiting.values()) reject(new Error(`the connection closed: ${why}`))
  }
}

type Answer = { id?: string; error?: string; [field: string]: unknown }
type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void }
