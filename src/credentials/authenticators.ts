import type { Authenticator, Identity } from './identity.ts'

/** Longer than any token that makes sense, and shorter than what Node takes for all headers. */
const MOST_CHARACTERS = 8192

/** All ways of showing who sends a request. The first one that recognizes a credential judges it, and no other does. */
export class Authenticators {
  readonly #ways: readonly Authenticator[]

  constructor(ways: readonly Authenticator[]) {
    this.#ways = ways
  }

  /** As an Authenticator does. */
  async identify(credential: string): Promise<Identity | undefined> {
    if (credential.length > MOST_CHARACTERS) return undefined
    return this.#ways.find((way) => way.recognizes(credential))?.identify(credential)
  }
}
