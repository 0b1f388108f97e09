/** What a database answers: fields by the kind of request. */
export type Answer = { id?: string; error?: string; [field: string]: unknown }

const TIMEOUT_MS = 10_000

/** A connection to a database by its own protocol, JSON texts over a WebSocket; one request at a time. */
export class Connection {
  readonly #socket: WebSocket
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /**
   * @param port of this machine, from where it is forwarded
   * @throws Error that does not name the address, as the key is in it
   */
  static async open(port: number, key: string): Promise<Connection> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/?api-key=${encodeURIComponent(key)}`)
    // Only with its greeting has every version of the database accepted the key.
    await messageOf(socket, () => true).catch(() => {
      throw new Error('The database does not let this key in, or cannot be reached.')
    })
    return new Connection(socket)
  }

  /** @throws Error with the database's own words, or if it closes the connection: so it does with what it cannot read */
  async ask(type: string, data: object): Promise<Answer> {
    // What is sent then is dropped without a word.
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error('The database has closed the connection.')
    const id = String(++this.#lastId)
    const answered = messageOf(this.#socket, (answer) => answer.id === id)
    this.#socket.send(JSON.stringify({ id, type, data: JSON.stringify(data) }))
    const answer = await answered
    if (answer.error !== undefined) throw new Error(`The database refused: ${answer.error}`)
    return answer
  }
}

function messageOf(socket: WebSocket, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const over = new AbortController()
  const fail = (why: string) => reject(new Error(why))
  const timer = setTimeout(() => fail(`The database has not answered in ${TIMEOUT_MS / 1000} s.`), TIMEOUT_MS)
  const on = (event: 'message' | 'close' | 'error', listener: (event: never) => void) =>
    socket.addEventListener(event, listener as never, { signal: over.signal })
  on('message', ({ data }: MessageEvent) => {
    const answer: Answer = JSON.parse(String(data))
    if (isWanted(answer)) resolve(answer)
  })
  on('close', () => fail('The database has closed the connection.'))
  on('error', () => fail('The connection to the database has failed.'))
  return promise.finally(() => {
    clearTimeout(timer)
    over.abort()
  })
}
