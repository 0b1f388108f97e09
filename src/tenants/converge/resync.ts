import type { FastifyBaseLogger } from 'fastify'
import type { ClusterCache } from '../../kubernetes/cache.ts'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { reasonOf } from '../../kubernetes/errors.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { decide } from '../decide/decide.ts'
import { cachedTenants } from '../observe/cached.ts'
import { isTerminating, type Observed } from '../observe/observed.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import type { Converger } from './converger.ts'
import { isAbandoned, removeAbandoned } from './remove-abandoned.ts'

const EVERY_MS = 30_000

export type ResyncDeps = {
  apis: Apis
  cache: ClusterCache
  converger: Converger
  repository: TenantRepository
  serviceIdentity: () => Promise<ServiceIdentity>
  capabilities: () => Promise<Capabilities>
  /** Deletes a tenant for good. */
  purge: (userId: string) => Promise<unknown>
  /** How long a deleted tenant is kept; undefined: until somebody purges it. */
  retentionMs: number | undefined
}

/**
 * Finishes what a killed process left: at the start and every 30 seconds, every tenant with an operation under way, or whose
 * objects differ from its spec, is converged, and what a create left behind before it was one is removed.
 */
export class Resync {
  readonly #deps: ResyncDeps
  readonly #log: FastifyBaseLogger
  #timer: NodeJS.Timeout | undefined

  constructor(deps: ResyncDeps, log: FastifyBaseLogger) {
    this.#deps = deps
    this.#log = log
  }

  start(): void {
    const round = async () => {
      if (this.#deps.cache.synced) await this.#round()
      this.#timer = setTimeout(round, this.#deps.cache.synced ? EVERY_MS : 200).unref()
    }
    void round()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #round(): Promise<void> {
    const onUnreadable = (userId: string, at: string) =>
      this.#log.error({ userId, at }, 'the record of a tenant cannot be read')
    for (const { userId, spec, observed } of cachedTenants(this.#deps.cache, onUnreadable)) {
      try {
        await this.#look(spec, observed)
      } catch (error) {
        this.#log.error({ userId, reason: reasonOf(error) }, 'a tenant could not be looked at')
      }
    }
  }

  async #look(spec: Spec, observed: Observed): Promise<void> {
    const { converger, serviceIdentity, capabilities, purge, retentionMs } = this.#deps
    if (isTerminating(observed.namespace)) return
    if (isAbandoned(spec) && (await removeAbandoned(this.#deps, observed.namespace, spec))) {
      this.#log.info({ userId: spec.userId }, 'took back what a create that was cut off had left')
      return
    }
    if (isRetentionOver(spec, retentionMs)) await purge(spec.userId)
    else if (spec.operation.state === 'running') converger.start(spec.userId)
    else if (
      decide(spec, observed, { serviceIdentity: await serviceIdentity(), capabilities: await capabilities() }).next ===
      'act'
    )
      converger.start(spec.userId)
  }
}

function isRetentionOver({ deletedAt, purgeRequestedAt }: Spec, retentionMs: number | undefined): boolean {
  if (retentionMs === undefined || deletedAt === null || purgeRequestedAt !== null) return false
  return Date.now() - Date.parse(deletedAt) > retentionMs
}
