import type { FastifyBaseLogger } from 'fastify'
import { reasonOf, traceOf } from '../../kubernetes/errors.ts'
import type { Leader } from '../../kubernetes/leader/leader.ts'
import { converge } from './converge.ts'
import type { ConvergeDeps } from './run.ts'
import { type Priority, Turns } from './turns.ts'

/**
 * Runs converge() for tenants in the background, while this replica leads: one run a tenant at a time, and one more if it was asked for
 * meanwhile.
 */
export class Converger {
  readonly #deps: ConvergeDeps
  readonly #log: FastifyBaseLogger
  readonly #leader: Pick<Leader, 'leads' | 'on'>
  /** Ends the runs of the time in which this replica leads. */
  #term = new AbortController()
  #isStopped = false
  readonly #running = new Map<string, { again: boolean; promise: Promise<void> }>()

  constructor(
    deps: Omit<ConvergeDeps, 'onHeld' | 'turns'>,
    leader: Pick<Leader, 'leads' | 'on'>,
    log: FastifyBaseLogger,
  ) {
    const onHeld: ConvergeDeps['onHeld'] = (userId, error) =>
      log.warn({ userId, ...traceOf(error) }, 'a tenant has to wait for the cluster')
    this.#deps = { ...deps, onHeld, turns: new Turns() }
    this.#log = log
    this.#leader = leader
    leader.on('lost', () => {
      this.#term.abort()
      this.#term = new AbortController()
      // Whoever leads now knows better.
      deps.operations.forgetNewest()
    })
  }

  /**
   * Starts a run, or lets the current one be followed by another. Its failure is logged, and mended by the resync. Where another replica
   * leads nothing is to be done: its watches tell it of what was recorded here.
   */
  start(userId: string, priority: Priority = 'operation'): void {
    if (!this.#leads) return
    const current = this.#running.get(userId)
    if (current) {
      current.again = true
      return
    }
    const run = { again: false, promise: Promise.resolve() }
    this.#running.set(userId, run)
    run.promise = this.#run(userId, run, priority).finally(() => this.#running.delete(userId))
  }

  get #leads(): boolean {
    return this.#leader.leads && !this.#isStopped
  }

  async #run(userId: string, run: { again: boolean }, priority: Priority): Promise<void> {
    do {
      run.again = false
      try {
        await converge(this.#deps, userId, this.#term.signal, priority)
      } catch (error) {
        this.#log.error({ userId, reason: reasonOf(error) }, 'a tenant could not be converged')
      }
    } while (run.again && this.#leads)
  }

  /** Lets every run end after its current pass; another process, or the next start of this one, goes on with the rest. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#term.abort()
    await Promise.all([...this.#running.values()].map(({ promise }) => promise))
  }
}
