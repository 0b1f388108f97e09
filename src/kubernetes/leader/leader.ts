import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Apis } from '../connection.ts'
import { reasonOf } from '../errors.ts'
import { CandidateLease, type LeaseApi, type LeaseName } from './lease.ts'

/** Others take the Lease once it has not been renewed for so long (ms). */
export const LEASE_MS = 15_000
/** Whoever could not renew it for so long (ms) stops before others begin. */
const RENEW_DEADLINE_MS = 10_000
/** It is renewed, and others look whether it is, this often (ms). */
const RETRY_MS = 2000
/** A call that takes longer (ms) is not waited for: the next one finds out what came of it. */
const CALL_MS = 4000

type Events = { gained: []; lost: [] }

/** Whether this process may work on tenants unasked. Emits `gained` and `lost`. */
export interface Leader extends EventEmitter<Events> {
  readonly leads: boolean
  start(): void
  stop(): Promise<void>
}

/** The leader of a service that has no other replica. */
export class SoleLeader extends EventEmitter<Events> implements Leader {
  readonly leads = true

  start(): void {}

  async stop(): Promise<void> {}
}

/**
 * One of several replicas that may lead, one at a time, by a Lease. It leads no longer than the Lease surely is its own, measured from
 * before the call that renewed it, so a replica that was stopped for a while does not lead when it goes on. Still two may do so for the
 * length of one write, which every write here bears.
 */
export class ElectedLeader extends EventEmitter<Events> implements Leader {
  readonly #lease: CandidateLease
  readonly #log: FastifyBaseLogger
  readonly #clock: () => number
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #sureUntil = Number.NEGATIVE_INFINITY
  #wasTold = false
  /** Why the last attempt failed. */
  #failure: string | undefined
  #expiry: NodeJS.Timeout | undefined

  constructor(
    api: LeaseApi,
    where: LeaseName,
    identity: string,
    log: FastifyBaseLogger,
    clock = () => performance.now(),
  ) {
    super()
    this.#lease = new CandidateLease(api, where, identity, LEASE_MS, clock)
    this.#log = log.child({ identity })
    this.#clock = clock
  }

  get leads(): boolean {
    return this.#clock() < this.#sureUntil
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal)
  }

  /** Gives the Lease back, if the API server can be asked. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    this.#end()
    try {
      await this.#lease.release()
    } catch (error) {
      this.#log.warn({ reason: reasonOf(error) }, 'the lease could not be given back; others take it when it is over')
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.attempt()
      await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => {}) // Aborted: the loop sees it.
    }
  }

  /** Tries once to take the Lease, or to keep it. */
  async attempt(): Promise<void> {
    const before = this.#clock()
    try {
      const isHeld = await inTime(this.#lease.hold(), CALL_MS)
      this.#failure = undefined
      if (isHeld) this.#lead(before + RENEW_DEADLINE_MS)
      else this.#end()
    } catch (error) {
      const reason = reasonOf(error)
      if (reason !== this.#failure) this.#log.warn({ reason }, 'the lease could not be asked for')
      this.#failure = reason
      if (!this.leads) this.#end()
    }
  }

  #lead(until: number): void {
    this.#sureUntil = until
    clearTimeout(this.#expiry)
    this.#expiry = setTimeout(() => this.#end(), until - this.#clock()).unref()
    if (this.#wasTold) return
    this.#wasTold = true
    this.#log.info('this replica leads')
    this.emit('gained')
  }

  #end(): void {
    this.#sureUntil = Number.NEGATIVE_INFINITY
    clearTimeout(this.#expiry)
    if (!this.#wasTold) return
    this.#wasTold = false
    this.#log.info('this replica does not lead any more')
    this.emit('lost')
  }
}

/** @param lease as namespace/name; empty: this is the only replica */
export function leaderOf({ coordination }: Pick<Apis, 'coordination'>, lease: string, log: FastifyBaseLogger): Leader {
  const [namespace, name] = lease.split('/')
  if (!namespace || !name) return new SoleLeader()
  return new ElectedLeader(coordination, { namespace, name }, `${hostname()}_${randomUUID()}`, log)
}

/** @throws Error once it takes too long */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${ms / 1000} s`)
  })
  work.catch(() => {}) // Whoever does not wait for it any more does not hear of its end.
  late.catch(() => {}) // Ended by the abort below.
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}
