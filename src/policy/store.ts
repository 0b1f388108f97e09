import { readFile } from 'node:fs/promises'
import type { FastifyBaseLogger } from 'fastify'
import { DEFAULT_POLICY, type Policy, parsePolicy } from './policy.ts'

/** A mounted ConfigMap is replaced, not written to, which file events do not tell reliably. */
const RELOAD_MS = 5000

/** The operator's policy, from a file that is read again when it changes. */
export class PolicyStore {
  readonly #file: string
  readonly #log: FastifyBaseLogger
  #text = ''
  #policy = DEFAULT_POLICY
  #timer: NodeJS.Timeout | undefined

  private constructor(file: string, log: FastifyBaseLogger) {
    this.#file = file
    this.#log = log
  }

  /** @param file empty: the default policy holds. @throws PolicyError, or the error of reading the file */
  static async open(file: string, log: FastifyBaseLogger): Promise<PolicyStore> {
    const store = new PolicyStore(file, log)
    if (file !== '') await store.#load()
    return store
  }

  get current(): Policy {
    return this.#policy
  }

  /** Begins to look for changes of the file. A bad change is logged, and what was read before stays in force. */
  watch(): void {
    if (this.#file === '') return
    const reload = async () => {
      try {
        await this.#load()
      } catch (error) {
        this.#log.error({ reason: (error as Error).message }, 'the changed policy cannot be used')
      }
      this.#timer = setTimeout(reload, RELOAD_MS).unref()
    }
    this.#timer = setTimeout(reload, RELOAD_MS).unref()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  async #load(): Promise<void> {
    const text = await readFile(this.#file, 'utf8')
    if (text === this.#text) return
    this.#policy = parsePolicy(text)
    this.#text = text
    this.#log.info({ plans: this.#policy.plans.length }, 'the policy was read')
  }
}
