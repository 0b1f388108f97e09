import type { FastifyBaseLogger } from 'fastify'
import type { Background } from '../../background.ts'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import type { ClusterHealth } from '../../kubernetes/health.ts'
import type { RawRequests } from '../../kubernetes/raw.ts'
import type { Options } from '../../manifests/options.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RamBounds } from '../../sizing/policy.ts'
import type { UsageArchive } from '../billing/archive.ts'
import type { TenantCache } from '../observe/cached.ts'
import type { Secrets } from '../observe/secrets.ts'
import type { TenantIndex } from '../observe/tenant-index.ts'
import type { Trials } from '../options/trials.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { OperationLog } from '../record/operation-log.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Waiters } from './waiters.ts'

/** What an operator has set for tenants. */
export type TenantDefaults = {
  ramBounds: RamBounds
  cpuRequestPercent: number
  operationTimeoutSeconds: number
  /** Where the API server tries out options, by dry runs. */
  scratchNamespace: string
  /** Where one tenant is read from: the API server, or the watches. */
  reads: 'live' | 'watched'
  options: Options
}

/** All that the commands work with. */
export type TenantContext = {
  apis: Apis
  raw: RawRequests
  cache: TenantCache
  /** All tenants, as the watches tell. */
  tenants: TenantIndex
  secrets: Secrets
  trials: Trials
  health: ClusterHealth
  repository: TenantRepository
  operations: OperationLog
  /** What purged tenants were given. */
  archive: UsageArchive
  reconciler: Reconciler
  serviceIdentity: () => Promise<ServiceIdentity>
  capabilities: () => Promise<Capabilities>
  defaults: TenantDefaults
  policy: { readonly current: Policy }
  log: FastifyBaseLogger
  /** Aborted when the service is about to stop: nobody shall wait for anything any more. */
  stopping: AbortSignal
  background: Background
  waiters: Waiters
}

/** Who asks, as far as the commands need to know. */
export type Caller = { id: string; scopes: ReadonlySet<string>; maxRam?: bigint }

/** An Idempotency-Key and the request that came with it. The API key of a database is not part of `request`. */
export type IdempotentRequest = { key: string; request: unknown }
