import type { FastifyBaseLogger } from 'fastify'
import type { Apis } from './connection.ts'
import { traceOf } from './errors.ts'

const PING_MS = 5000

/** Whether the API server answers, by asking it for its version every few seconds. */
export class ClusterHealth {
  readonly #apis: Apis
  readonly #log: FastifyBaseLogger
  #timer: NodeJS.Timeout | undefined
  #reachable = false
  #lastContact: number | undefined
  #version: string | undefined
  #reason: string | undefined

  constructor(apis: Apis, log: FastifyBaseLogger) {
    this.#apis = apis
    this.#log = log
  }

  start(): void {
    const ping = async () => {
      await this.check()
      this.#timer = setTimeout(ping, PING_MS).unref()
    }
    void ping()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async check(): Promise<void> {
    try {
      const { gitVersion } = await this.#apis.version.getCode()
      if (!this.#reachable) this.#log.info({ version: gitVersion }, 'the Kubernetes API server answers')
      this.#reachable = true
      this.#lastContact = Date.now()
      this.#version = gitVersion
      this.#reason = undefined
    } catch (error) {
      const trace = traceOf(error)
      if (this.#reachable) this.#log.error(trace, 'the Kubernetes API server does not answer')
      this.#reason = trace.reason
      this.#reachable = false
    }
  }

  get reachable(): boolean {
    return this.#reachable
  }

  /** For `/readyz` and metrics. `lastContactSeconds`: how long ago the last answer came; null: none yet. */
  get report(): {
    reachable: boolean
    version: string | null
    lastContactSeconds: number | null
    reason: string | null
  } {
    const age = this.#lastContact === undefined ? null : (Date.now() - this.#lastContact) / 1000
    return {
      reachable: this.#reachable,
      version: this.#version ?? null,
      lastContactSeconds: age,
      reason: this.#reason ?? null,
    }
  }
}
