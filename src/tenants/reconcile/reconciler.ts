import type { FastifyBaseLogger } from 'fastify'
import { reasonOf, traceOf } from '../../kubernetes/errors.ts'
import type { Leader } from '../../kubernetes/leader/leader.ts'
import { userIdOf } from '../../manifests/names.ts'
import { inPass, type Pass } from '../../spans.ts'
import type { Known, TenantIndex } from '../observe/tenant-index.ts'
import { isMendable, isOperating } from './due.ts'
import { Pace } from './pace.ts'
import { type Priority, WorkQueue } from './queue.ts'
import { type Next, reconcile } from './reconcile.ts'
import { Rests } from './rests.ts'
import { beginRun, type ReconcileDeps, type Run } from './run.ts'

/** So many tenants are worked on at one time. */
const WORKERS = 32
/** What has changed is held against its record after this long, so that what belongs together is looked at once. */
const DRIFT_MS = 1000
/** So many passes without a wait between them are more than any change takes: from then on the tenant rests before each. */
const BUSY_PASSES = 40

export type ReconcilerDeps = Omit<ReconcileDeps, 'onHeld'> & {
  leader: Pick<Leader, 'leads' | 'on'>
  tenants: Pick<TenantIndex, 'get'>
  /** Told of every tenant that another hand has changed, and that is mended. */
  onRepair: () => void
}

/**
 * Reconciles tenants in the background, while this replica leads: a bounded number at one time, each by one worker. An operation that
 * any replica has recorded is begun at once; whatever else changes is held against its record a second later. A tenant that fails is
 * tried again after longer and longer, and delays no other.
 */
export class Reconciler {
  readonly queue = new WorkQueue(() => this.#work())
  readonly #deps: ReconcilerDeps & ReconcileDeps
  readonly #log: FastifyBaseLogger
  readonly #runs = new Map<string, Run>()
  readonly #rests = new Rests()
  readonly #pace = new Pace()
  readonly #easyPace = new Pace(8, 8)
  readonly #working = new Set<Promise<void>>()
  #isStopped = false

  constructor(deps: ReconcilerDeps, log: FastifyBaseLogger) {
    const onHeld: ReconcileDeps['onHeld'] = (userId, error) =>
      log.warn({ userId, ...traceOf(error) }, 'a tenant has to wait for the cluster')
    this.#deps = { ...deps, onHeld }
    this.#log = log
    deps.cache.on('change', (namespace) => this.#onChange(userIdOf(namespace)))
    deps.leader.on('lost', () => this.#forget())
  }

  /**
   * Puts a tenant into the queue. Where another replica leads nothing is to be done: its watches tell it of what was recorded here. A
   * failure is logged, and the tenant comes again.
   */
  enqueue(userId: string, priority: Priority = 'operation'): void {
    if (this.#leads) this.queue.add(userId, priority)
  }

  /** Lets every pass that is under way end; another process, or the next start of this one, goes on with the rest. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.queue.clear()
    await Promise.all(this.#working)
  }

  get #leads(): boolean {
    return this.#deps.leader.leads && !this.#isStopped
  }

  #onChange(userId: string | undefined): void {
    // What is listed first is looked at when all of it is there.
    if (userId === undefined || !this.#leads || !this.#deps.cache.synced) return
    const known = this.#deps.tenants.get(userId)
    const isUnderWay = known !== undefined && isOperating(known)
    if (this.#runs.has(userId)) this.queue.add(userId, isUnderWay ? 'operation' : 'repair')
    else if (!isUnderWay) this.queue.addAfter(userId, 'repair', DRIFT_MS)
    // The Secret of a create that is not committed is not watched: who posts it writes that down, or the resync finds it.
    else if (known.spec.committed) this.queue.add(userId, 'operation')
  }

  #work(): void {
    while (this.#leads && this.#working.size < WORKERS) {
      const userId = this.queue.take()
      if (userId === undefined) return
      const working = this.#process(userId).finally(() => {
        this.#working.delete(working)
        this.queue.done(userId)
        this.#work()
      })
      this.#working.add(working)
    }
  }

  async #process(userId: string): Promise<void> {
    await this.#paceOf(userId).keep()
    const known = this.#deps.tenants.get(userId)
    const work = known && isOperating(known) ? 'operation' : 'repair'
    const operationId = known?.spec.operation.id
    const rest = this.#rests.left(userId, operationId)
    if (rest > 0) return this.queue.addAfter(userId, work, rest)
    try {
      const run = this.#runs.get(userId) ?? (known && (await this.#begin(known)))
      if (run !== undefined) this.#follow(run, await inPass(passOf(run, known), () => reconcile(run)))
      // Another hand undoes what is done, or a policy never lets it be: that must cost little, and a deadline will end it.
      if (run !== undefined && run.passes > BUSY_PASSES) this.#rests.begin(userId, operationId, work)
      if (!this.#runs.has(userId)) this.#rests.end(userId)
    } catch (error) {
      this.#log.error({ userId, reason: reasonOf(error) }, 'a tenant could not be reconciled')
      this.#runs.delete(userId)
      this.queue.addAfter(userId, work, this.#rests.begin(userId, operationId, work))
    }
  }

  /** What nobody waits for leaves the event loop to requests half of the time. */
  #paceOf(userId: string): Pace {
    const known = this.#deps.tenants.get(userId)
    return this.#runs.has(userId) || (known && isOperating(known)) ? this.#pace : this.#easyPace
  }

  async #begin(known: Known): Promise<Run | undefined> {
    if (!isOperating(known)) {
      if (!(await isMendable(this.#deps, known))) return undefined
      this.#deps.onRepair()
    }
    const run = beginRun(this.#deps, known.userId)
    this.#runs.set(known.userId, run)
    return run
  }

  #follow(run: Run, next: Next): void {
    const { userId } = run
    if (next === 'end' || !this.#leads) return void this.#runs.delete(userId)
    const priority = run.isOperating ? 'operation' : 'repair'
    run.passes = next === 'again' ? run.passes + 1 : 0
    if (next === 'again') this.queue.add(userId, priority)
    else this.queue.addAfter(userId, priority, next.waitMs)
  }

  /** Whoever leads now knows better. */
  #forget(): void {
    this.queue.clear()
    this.#runs.clear()
    this.#rests.clear()
    this.#deps.operations.forgetNewest()
  }
}

/** A pass is part of the request's trace for as long as its operation runs. */
function passOf({ userId }: Run, known: Known | undefined): Pass {
  if (known === undefined || !isOperating(known)) return { attributes: { 'tenant.id': userId }, traceparent: undefined }
  const { id, type, traceparent } = known.spec.operation
  return { attributes: { 'tenant.id': userId, 'operation.id': id, 'operation.type': type }, traceparent }
}
