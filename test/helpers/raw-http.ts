import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. `text` is all that came after the header section, chunk sizes included. */
export type RawAnswer = { status: number; headers: Headers; text: string }

/** Opens a connection and sends this text as it is, for what no HTTP client would send. */
export async function sendRaw(address: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

/** Sends one request and waits for the end of the connection, which the request should ask for, or for the first of a stream of events. */
export async function askRaw(address: string, text: string): Promise<RawAnswer> {
  const socket = await sendRaw(address, text)
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk
    if (/^content-type: text\/event-stream.*\r\n\r\n/ims.test(answer)) socket.destroy()
  })
  // A server that closes on what it has not read resets the connection.
  socket.on('error', () => {})
  await once(socket, 'close')
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = new Headers(lines.map((line) => line.split(': ', 2) as [string, string]))
  return { status: Number(first.split(' ')[1]), headers, text: rest.join('\r\n\r\n') }
}
