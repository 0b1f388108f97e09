import { readFile } from 'node:fs/promises'
import { codeOf } from './errors.ts'

/** A file is looked at this often at most, while calls need it. */
const LOOK_MS = 250

/** A file that others renew, such as a token or a certificate. Looked at when it is needed. */
export class RenewedFile {
  readonly #file: string
  readonly #onStale: (file: string, code: string) => void
  #text: string | undefined
  #isStale = false
  #look: { at: number; text: Promise<string> } | undefined

  /**
   * @param fallback what holds until the file has been read once
   * @param onStale told when it cannot be read any more: what it held, or the fallback, stays in force
   */
  constructor(file: string, fallback: string | undefined, onStale: (file: string, code: string) => void) {
    this.#file = file
    this.#text = fallback
    this.#onStale = onStale
  }

  /** @throws Error that names the file, if it has never been readable */
  text(): Promise<string> {
    if (this.#look === undefined || Date.now() - this.#look.at > LOOK_MS) {
      this.#look = { at: Date.now(), text: this.#read() }
    }
    return this.#look.text
  }

  async #read(): Promise<string> {
    try {
      const text = (await readFile(this.#file, 'utf8')).trim()
      if (text === '') throw Object.assign(new Error(), { code: 'it is empty' })
      this.#text = text
      this.#isStale = false
      return text
    } catch (error) {
      if (this.#text === undefined) throw new Error(`${this.#file} cannot be read: ${codeOf(error)}`)
      if (!this.#isStale) this.#onStale(this.#file, codeOf(error))
      this.#isStale = true
      return this.#text
    }
  }
}
