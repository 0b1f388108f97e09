import { createConnection } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ClientOptions, WebSocket } from 'ws'
import { Database } from './database.ts'

export type { Database }

export type ConnectOptions = {
  /** Where the database is, `ws://` or `wss://`, without the key. */
  url: string
  key: string
  /** How this connection calls itself in the database's list of connections. */
  name?: string
  /** For the opening and for each request, in milliseconds. Default 10 000. */
  timeoutMs?: number
  /** Where to connect in fact, e.g. to the local end of a port-forward; the URL then only names the host. */
  port?: number
  /** With `port`. Default 127.0.0.1. */
  host?: string
  /** The same, with a stream made by the caller. A TCP socket behind it needs setNoDelay, or each request takes 40 ms. */
  createConnection?: () => Duplex
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

/**
 * Waits for the database's first message: only then is the key accepted by all versions. No error names the address,
 * because the key is in it.
 */
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
