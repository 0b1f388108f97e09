import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Apis } from '../../kubernetes/connection.ts'
import { reasonOf } from '../../kubernetes/errors.ts'
import type { Leader } from '../../kubernetes/leader/leader.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import type { TenantCache } from '../observe/cached.ts'
import { isTerminating } from '../observe/observed.ts'
import type { Known, TenantIndex } from '../observe/tenant-index.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { isOperating } from './due.ts'
import { Pace } from './pace.ts'
import type { Reconciler } from './reconciler.ts'
import { isAbandoned, removeAbandoned } from './remove-abandoned.ts'

const ROUND_MS = 30_000
/** After so many rounds every tenant has been looked at once, changed or not. */
const ROUNDS_OF_ALL = 20
const ROUNDS_OF_A_DAY = 2880
/** How often (ms) it is asked whether the watches are complete. */
const SYNCED_MS = 200

export type ResyncDeps = {
  apis: Apis
  leader: Pick<Leader, 'leads' | 'on'>
  cache: Pick<TenantCache, 'synced'>
  tenants: TenantIndex
  reconciler: Pick<Reconciler, 'enqueue'>
  repository: TenantRepository
  serviceIdentity: () => Promise<ServiceIdentity>
  /** Deletes a tenant for good. */
  purge: (userId: string) => Promise<unknown>
  /** Forgets what is kept no longer of tenants that were purged. */
  forgetUsage: () => Promise<void>
  /** How long a deleted tenant is kept; undefined: until somebody purges it. */
  retentionMs: number | undefined
}

/**
 * Looks at tenants in which nothing has changed, on the replica that leads: at all of them when it begins to lead, and then at a part
 * every 30 seconds. In each round leftovers of creates are removed, and what is kept no longer is purged.
 */
export class Resync {
  readonly #deps: ResyncDeps
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  readonly #pace = new Pace()
  #round = 0

  constructor(deps: ResyncDeps, log: FastifyBaseLogger) {
    this.#deps = deps
    this.#log = log
  }

  start(): void {
    const { cache, leader } = this.#deps
    const { signal } = this.#stopping
    leader.on('gained', () => void this.#everything())
    const rounds = async () => {
      while (!cache.synced && !signal.aborted) await pause(SYNCED_MS, signal)
      await this.#everything()
      while (!signal.aborted) {
        await this.#aRound()
        await pause(ROUND_MS, signal)
      }
    }
    void rounds()
  }

  stop(): void {
    this.#stopping.abort()
  }

  /** Those for which a caller waits come first. */
  async #everything(): Promise<void> {
    await this.#each(async (known) => {
      this.#deps.reconciler.enqueue(known.userId, isOperating(known) ? 'operation' : 'resync')
    })
  }

  async #aRound(): Promise<void> {
    const { cache, leader } = this.#deps
    if (cache.synced && leader.leads && this.#round % ROUNDS_OF_A_DAY === 0) await this.#forgetUsage()
    const part = this.#round++ % ROUNDS_OF_ALL
    await this.#each(async (known, index) => {
      if (index % ROUNDS_OF_ALL === part) this.#deps.reconciler.enqueue(known.userId, 'resync')
      await this.#tidy(known)
    })
  }

  async #forgetUsage(): Promise<void> {
    try {
      await this.#deps.forgetUsage()
    } catch (error) {
      this.#log.error({ reason: reasonOf(error) }, 'what is kept of purged tenants could not be looked at')
    }
  }

  async #tidy({ userId, spec, observed }: Known): Promise<void> {
    const { reconciler, purge, retentionMs } = this.#deps
    if (isTerminating(observed.namespace)) return
    if (isAbandoned(spec) && (await removeAbandoned(this.#deps, observed.namespace, spec))) {
      this.#log.info({ userId }, 'took back what a create that was cut off had left')
      return
    }
    if (isRetentionOver(spec, retentionMs)) await purge(userId)
    else if (spec.operation.state === 'running') reconciler.enqueue(userId)
  }

  /** All tenants, as long as this replica leads. */
  async #each(look: (known: Known, index: number) => Promise<void>): Promise<void> {
    const { cache, leader, tenants } = this.#deps
    if (!cache.synced) return
    const userIds = [...tenants.states()].map(([userId]) => userId)
    for (const [index, userId] of userIds.entries()) {
      await this.#pace.keep()
      if (this.#stopping.signal.aborted || !leader.leads) return
      try {
        const known = tenants.get(userId)
        if (known !== undefined) await look(known, index)
      } catch (error) {
        this.#log.error({ userId, reason: reasonOf(error) }, 'a tenant could not be looked at')
      }
    }
  }
}

/** Ends early if it is aborted, which whoever waits sees. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {})
}

function isRetentionOver({ deletedAt, purgeRequestedAt }: Spec, retentionMs: number | undefined): boolean {
  if (retentionMs === undefined || deletedAt === null || purgeRequestedAt !== null) return false
  return Date.now() - Date.parse(deletedAt) > retentionMs
}
