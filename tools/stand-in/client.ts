import { createConnection, type Socket } from 'node:net'
import { type ClientOptions, WebSocket } from 'ws'
import type { ApiKey, DataRecord, Latest, LatestQuery, Scope, StandInInfo, TimedValue, TimeRange } from './messages.ts'

export type ConnectOptions = {
  /** Where the database is, `ws://` or `wss://`, without the key. */
  url: string
  key: string
  /** How this connection calls itself in the database's list of connections. */
  name?: string
  /** For the opening and for each request, in milliseconds. Default 10 000. */
  timeoutMs?: number
  /** Opens another socket than the URL says, e.g. to the local end of a port-forward. */
  host?: string
  port?: number
  /** The same, with a socket or any other duplex stream made by the caller. */
  createConnection?: () => Socket
}

/** Why a connection could not be opened. `status` is the HTTP status if the server refused: 401 for a wrong key. */
export class ConnectError extends Error {
  override name = 'ConnectError'
  readonly status: number | undefined

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

/** Opens a connection and waits until the database has greeted it. Throws ConnectError. */
export async function connect(options: ConnectOptions): Promise<Database> {
  const timeoutMs = options.timeoutMs ?? 10_000
  const socket = new WebSocket(addressOf(options), { handshakeTimeout: timeoutMs, ...socketOptions(options) })
  const database = new Database(socket, timeoutMs)
  await greeting(socket, timeoutMs)
  return database
}

/** One open connection to FluxionDB or to its stand-in. */
export class Database {
  readonly #socket: WebSocket
  readonly #timeoutMs: number
  readonly #waiting = new Map<string, Waiting>()
  #lastId = 0
  #lastError: string | undefined

  constructor(socket: WebSocket, timeoutMs: number) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
    socket.on('message', (data) => this.#settle(JSON.parse(data.toString())))
    socket.on('close', (code, reason) => this.#abandon(code, reason.toString()))
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

  /** Calls the listener when the connection ends, whichever side ended it. */
  onClose(listener: (code: number) => void): void {
    this.#socket.once('close', listener)
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise((resolve) => this.#socket.once('close', resolve))
    this.#socket.close()
    await closed
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

function addressOf({ url, key, name }: ConnectOptions): URL {
  const address = new URL(url)
  address.searchParams.set('api-key', key)
  if (name !== undefined) address.searchParams.set('name', name)
  return address
}

function socketOptions({ host, port, createConnection: own }: ConnectOptions): ClientOptions {
  // ws overwrites its own host and port options with those of the URL.
  const open = own ?? (port === undefined ? undefined : () => createConnection({ host: host ?? '127.0.0.1', port }))
  return open === undefined ? {} : { createConnection: open as NonNullable<ClientOptions['createConnection']> }
}

/** Waits for the database's first message: before it the key may still be refused. Never puts the URL in an error: it has the key. */
function greeting(socket: WebSocket, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new ConnectError(`no greeting in ${timeoutMs} ms`)), timeoutMs)
  socket.once('message', () => resolve())
  socket.once('unexpected-response', (_request, response) => {
    reject(new ConnectError(`the database refused with status ${response.statusCode}`, response.statusCode))
  })
  socket.once('error', (error) => reject(new ConnectError(`cannot connect: ${error.message}`, undefined, error)))
  socket.once('close', (code) => reject(new ConnectError(`closed before the greeting, code ${code}`)))
  return promise
    .catch((error) => {
      socket.terminate()
      throw error
    })
    .finally(() => clearTimeout(timer))
}
