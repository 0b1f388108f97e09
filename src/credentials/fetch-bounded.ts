import { Agent, request } from 'undici'

const DEADLINE_MS = 5000
/** Issuers have a few keys of some hundred bytes. */
const MOST_BYTES = 256 * 1024

/** The issuer does not answer, or not as it should. */
export class IssuerError extends Error {
  override name = 'IssuerError'
}

/** Reads a JSON document. Goes nowhere else than to this address, waits for it no longer than seconds, and keeps no more than fits. */
export type FetchJson = (url: string) => Promise<unknown>

/** @param ca certificates (PEM) that are trusted; undefined: those that Node trusts */
export function fetchJsonWith(ca: string | undefined): FetchJson {
  const dispatcher = new Agent({ connect: ca === undefined ? {} : { ca } })
  return async (url) => {
    const { protocol } = new URL(url)
    if (protocol !== 'https:') throw new IssuerError(`${url} is not https`)
    const signal = AbortSignal.timeout(DEADLINE_MS)
    try {
      // Does not follow redirects.
      const { statusCode, body } = await request(url, { dispatcher, signal, headers: { accept: 'application/json' } })
      if (statusCode !== 200) {
        await body.dump()
        throw new IssuerError(`${url} answers ${statusCode}`)
      }
      return JSON.parse(await textOf(body, url))
    } catch (error) {
      if (error instanceof IssuerError) throw error
      if (signal.aborted) throw new IssuerError(`${url} did not answer within ${DEADLINE_MS / 1000} s`)
      if (error instanceof SyntaxError) throw new IssuerError(`${url} does not answer JSON`)
      throw new IssuerError(`${url} cannot be read: ${(error as Error).message}`)
    }
  }
}

async function textOf(body: AsyncIterable<Buffer> & { destroy(): unknown }, url: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) {
      body.destroy()
      throw new IssuerError(`${url} answers more than ${MOST_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
