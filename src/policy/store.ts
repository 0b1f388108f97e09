import type { FastifyBaseLogger } from 'fastify'
import { ReloadedFile } from '../reloaded-file.ts'
import { DEFAULT_POLICY, type Policy, parsePolicy } from './policy.ts'

/** The operator's policy, from a file that is read again when it changes. */
export class PolicyStore {
  readonly #file: ReloadedFile
  readonly #log: FastifyBaseLogger
  #policy = DEFAULT_POLICY

  private constructor(file: string, log: FastifyBaseLogger) {
    this.#log = log
    this.#file = new ReloadedFile(file, (text) => {
      this.#policy = parsePolicy(text)
      log.info({ plans: this.#policy.plans.length }, 'the policy was read')
    })
  }

  /** @param file empty: the default policy holds. @throws PolicyError, or the error of reading the file */
  static async open(file: string, log: FastifyBaseLogger): Promise<PolicyStore> {
    const store = new PolicyStore(file, log)
    await store.#file.load()
    return store
  }

  get current(): Policy {
    return this.#policy
  }

  /** Begins to look for changes of the file. A bad change is logged, and what was read before stays in force. */
  watch(): void {
    this.#file.watch(({ message }) => this.#log.error({ reason: message }, 'the changed policy cannot be used'))
  }

  close(): void {
    this.#file.close()
  }
}
