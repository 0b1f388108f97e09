import { type ClientRequest, get } from 'node:http'

/** How many follow all tenants at once. */
export const STREAMS = 200
const SYNCED = Buffer.from('event: synced')

export type OpenStreams = { close: () => void }

/** Opens them all at once, and waits until each has been told every tenant. */
export async function openStreams(address: string, credential: string): Promise<OpenStreams> {
  const requests: ClientRequest[] = []
  const opened = Array.from({ length: STREAMS }, () => {
    const synced = Promise.withResolvers<void>()
    const request = get(`${address}/stream`, { headers: { authorization: `Bearer ${credential}` } }, (answer) => {
      if (answer.statusCode !== 200) synced.reject(new Error(`a stream was answered ${answer.statusCode}`))
      // The mark may be cut in two by the chunks.
      let tail: Buffer = Buffer.alloc(0)
      answer.on('data', (chunk: Buffer) => {
        if (Buffer.concat([tail, chunk]).includes(SYNCED)) synced.resolve()
        tail = chunk.subarray(-SYNCED.length)
      })
      answer.on('error', () => {})
    })
    request.on('error', (error) => synced.reject(error))
    requests.push(request)
    return synced.promise
  })
  const close = () => {
    for (const request of requests) request.destroy()
  }
  try {
    await Promise.all(opened)
    return { close }
  } catch (error) {
    close()
    throw error
  }
}
