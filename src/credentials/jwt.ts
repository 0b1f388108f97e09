import { decodeJwt, type JWTPayload } from 'jose'

/** What a JWT claims, of which nothing has been checked; undefined if the text is none. */
export function claimsOf(text: string): JWTPayload | undefined {
  // Keys of our own are no JWTs, and need not be taken apart to see it.
  if (!/^e[wy]/.test(text)) return undefined
  try {
    return decodeJwt(text)
  } catch {
    return undefined
  }
}

export function audiencesIn({ aud }: JWTPayload): readonly string[] {
  return [aud ?? []].flat()
}
