import { readFile } from 'node:fs/promises'

/** A mounted ConfigMap or Secret is replaced, not written to, which file events do not tell reliably. */
const RELOAD_MS = 5000

/** A file of the operator's that is read again when it changes. Without a name there is none, and nothing is ever read. */
export class ReloadedFile {
  readonly #name: string
  readonly #take: (text: string) => void
  #text: string | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param take is given the text whenever it is another one; if it throws, the text is offered again at the next look */
  constructor(name: string, take: (text: string) => void) {
    this.#name = name
    this.#take = take
  }

  /** @throws what `take` throws, or the error of reading the file */
  async load(): Promise<void> {
    if (this.#name === '') return
    const text = await readFile(this.#name, 'utf8')
    if (text === this.#text) return
    this.#take(text)
    this.#text = text
  }

  /** Begins to look for changes. @param onFailure told of a file that cannot be read or used; what was taken before stays */
  watch(onFailure: (error: Error) => void): void {
    if (this.#name === '') return
    const reload = async () => {
      await this.load().catch(onFailure)
      this.#timer = setTimeout(reload, RELOAD_MS).unref()
    }
    this.#timer = setTimeout(reload, RELOAD_MS).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
