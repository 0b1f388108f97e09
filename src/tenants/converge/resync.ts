import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { reasonOf } from '../../kubernetes/errors.ts'
import type { Leader } from '../../kubernetes/leader/leader.ts'
import { userIdOf } from '../../manifests/names.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { decide } from '../decide/decide.ts'
import { mayHideDeployment, type TenantCache } from '../observe/cached.ts'
import { isTerminating } from '../observe/observed.ts'
import type { Known, TenantIndex } from '../observe/tenant-index.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import type { Converger } from './converger.ts'
import { isAbandoned, removeAbandoned } from './remove-abandoned.ts'

/** What has changed is looked at after this long, so that what belongs together is looked at once. */
const DRIFT_MS = 1000
const ROUND_MS = 30_000
/** After so many rounds every tenant has been looked at once, changed or not. */
const ROUNDS_OF_ALL = 20
/** Longest time (ms) in one turn of the event loop. */
const TURN_MS = 10

export type ResyncDeps = {
  apis: Apis
  leader: Pick<Leader, 'leads' | 'hasFollowers' | 'on'>
  cache: TenantCache
  tenants: TenantIndex
  converger: Pick<Converger, 'start'>
  /** Told of every tenant that another hand has changed, and that is mended. */
  onRepair: () => void
  repository: TenantRepository
  serviceIdentity: () => Promise<ServiceIdentity>
  capabilities: () => Promise<Capabilities>
  /** Deletes a tenant for good. */
  purge: (userId: string) => Promise<unknown>
  /** How long a deleted tenant is kept; undefined: until somebody purges it. */
  retentionMs: number | undefined
}

/**
 * Finds what is to be done, on the replica that leads. An operation that any replica has recorded is begun at once. Whatever changes
 * is held against its record a second later, and converged if it differs. Every 30 seconds, leftovers of creates are removed, and what
 * is kept no longer is purged. Whoever begins to lead looks at everything.
 */
export class Resync {
  readonly #deps: ResyncDeps
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  /** Tenants in which something has changed since they were looked at. */
  readonly #changed = new Set<string>()
  #round = 0

  constructor(deps: ResyncDeps, log: FastifyBaseLogger) {
    this.#deps = deps
    this.#log = log
  }

  start(): void {
    const { cache, leader } = this.#deps
    cache.on('change', (namespace) => {
      const userId = userIdOf(namespace)
      if (userId === undefined || !leader.leads) return
      this.#changed.add(userId)
      const known = leader.hasFollowers ? this.#deps.tenants.get(userId) : undefined
      if (known) this.#goOn(known)
    })
    leader.on('gained', () => void this.#lookAtEverything())
    void this.#lookAtEverything()
    this.#every(DRIFT_MS, () => this.#lookAtChanged())
    this.#every(ROUND_MS, () => this.#lookAtAll())
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #lookAtEverything(): Promise<void> {
    const all = [...this.#deps.tenants.states()].map(([userId]) => userId)
    for (const userId of all) this.#changed.add(userId)
    await this.#each(all, async (known) => this.#goOn(known))
  }

  /** At once when the watches are complete, and then again and again. */
  #every(ms: number, work: () => Promise<void>): void {
    const run = async () => {
      const { cache, leader } = this.#deps
      const { synced } = cache
      if (synced && leader.leads) await work()
      if (!this.#stopping.signal.aborted) setTimeout(run, synced ? ms : 200).unref()
    }
    void run()
  }

  async #lookAtChanged(): Promise<void> {
    const changed = [...this.#changed]
    this.#changed.clear()
    await this.#each(changed, async ({ userId, spec, observed }) => {
      // A run is at work on it.
      if (spec.operation.state === 'running' || isTerminating(observed.namespace)) return
      const { serviceIdentity, capabilities, converger } = this.#deps
      const surveyed = { serviceIdentity: await serviceIdentity(), capabilities: await capabilities() }
      const isDue = mayHideDeployment(observed) || decide(spec, observed, surveyed).next === 'act'
      if (!isDue) return
      this.#deps.onRepair()
      converger.start(userId, 'repair')
    })
  }

  async #lookAtAll(): Promise<void> {
    const all = [...this.#deps.tenants.states()].map(([userId]) => userId)
    const part = this.#round++ % ROUNDS_OF_ALL
    for (const [index, userId] of all.entries()) if (index % ROUNDS_OF_ALL === part) this.#changed.add(userId)
    await this.#each(all, (known) => this.#tidy(known))
  }

  /** The Secret of a create that is not committed is not watched: whoever posts it writes that down, or the next round finds it. */
  #goOn({ userId, spec, observed }: Known): void {
    const isRunning = spec.operation.state === 'running' && spec.committed
    if (isRunning && !isTerminating(observed.namespace)) this.#deps.converger.start(userId)
  }

  async #tidy({ userId, spec, observed }: Known): Promise<void> {
    const { converger, purge, retentionMs } = this.#deps
    if (isTerminating(observed.namespace)) return
    if (isAbandoned(spec) && (await removeAbandoned(this.#deps, observed.namespace, spec))) {
      this.#log.info({ userId }, 'took back what a create that was cut off had left')
      return
    }
    if (isRetentionOver(spec, retentionMs)) await purge(userId)
    else if (spec.operation.state === 'running') converger.start(userId)
  }

  async #each(userIds: readonly string[], look: (known: Known) => Promise<void>): Promise<void> {
    let since = performance.now()
    for (const userId of userIds) {
      const known = this.#deps.tenants.get(userId)
      if (this.#stopping.signal.aborted) return
      try {
        if (known) await look(known)
      } catch (error) {
        this.#log.error({ userId, reason: reasonOf(error) }, 'a tenant could not be looked at')
      }
      if (performance.now() - since < TURN_MS) continue
      await turn()
      since = performance.now()
    }
  }
}

function isRetentionOver({ deletedAt, purgeRequestedAt }: Spec, retentionMs: number | undefined): boolean {
  if (retentionMs === undefined || deletedAt === null || purgeRequestedAt !== null) return false
  return Date.now() - Date.parse(deletedAt) > retentionMs
}
