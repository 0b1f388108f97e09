import { randomBytes } from 'node:crypto'
import type { Answer } from './api.ts'

/** Keys that can be told from all else: where one is found outside its place, it has leaked. */
export class Canaries {
  readonly #keys: string[] = []

  /** Adds a key that is used somewhere; a new one if none is given. */
  add(what: string, key = `canary-${what}-${randomBytes(8).toString('hex')}`): string {
    this.#keys.push(key)
    return key
  }

  /** Those that are found in a text or an answer, as they are or encoded as in a Secret or a Basic header. */
  in(place: string | Answer): string[] {
    const text = typeof place === 'string' ? place : JSON.stringify([[...place.headers], place.body])
    // The last letter before the padding depends on what follows.
    const formsOf = (key: string) => [key, btoa(key).replace(/(.==?)?$/, '')]
    return this.#keys.filter((key) => formsOf(key).some((form) => text.includes(form)))
  }
}
