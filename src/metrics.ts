import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ClusterHealth } from './kubernetes/health.ts'
import type { Call } from './kubernetes/http.ts'
import type { Leader } from './kubernetes/leader/leader.ts'
import type { WatchCache } from './kubernetes/watch/cache.ts'
import { STATES } from './tenants/observe/state.ts'
import type { TenantIndex } from './tenants/observe/tenant-index.ts'
import { PRIORITIES, type WorkQueue } from './tenants/reconcile/queue.ts'
import type { Operation } from './tenants/record/operation.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const OPERATION_SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600]

/** The status that nginx gives to a request whose caller left. It is counted, and sent to nobody. */
export const LEFT = 499

export type Metrics = ReturnType<typeof createMetrics>

/** All metrics of one service. None has a tenant's id as a label. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const calls = new Histogram({
    name: 'fluxiondb_provisioner_kubernetes_call_seconds',
    help: 'Calls to the API server, tries included; status 0: no answer.',
    labelNames: ['method', 'resource', 'status'],
    buckets: SECONDS,
    registers,
  })
  const operations = new Histogram({
    name: 'fluxiondb_provisioner_operation_seconds',
    help: 'Operations from request to end, by this process.',
    labelNames: ['type', 'state'],
    buckets: OPERATION_SECONDS,
    registers,
  })
  const repairs = new Counter({
    name: 'fluxiondb_provisioner_repairs_total',
    help: 'Tenants that were found changed by another hand, and are mended, by this process.',
    registers,
  })
  return {
    registry,
    onRepair: () => repairs.inc(),
    requests: new Histogram({
      name: 'fluxiondb_provisioner_http_request_seconds',
      help: `Requests to this service; status ${LEFT}: the caller left before the answer.`,
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    onCall({ method, resource, status, seconds }: Call): void {
      calls.observe({ method, resource, status }, seconds)
    },
    onFinished({ type, state, startedAt, finishedAt }: Operation): void {
      const seconds = (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000
      operations.observe({ type, state }, seconds)
    },
  }
}

type Observables = {
  cache: WatchCache
  tenants: TenantIndex
  health: ClusterHealth
  leader: Pick<Leader, 'leads'>
  queue: WorkQueue
}

const LOOP_RESOLUTION_MS = 10

/** Gauges that are computed when they are asked for. */
export function observeCluster({ registry }: Metrics, { cache, tenants, health, leader, queue }: Observables): void {
  const registers = [registry]
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()
  new Gauge({
    name: 'fluxiondb_provisioner_event_loop_delay_seconds',
    help: 'The longest time since the last scrape that the event loop was held by one piece of work.',
    registers,
    collect() {
      // What is measured is the time between two turns of a timer.
      this.set(Math.max(0, loop.max / 1e9 - LOOP_RESOLUTION_MS / 1000))
      loop.reset()
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_cluster_reachable',
    help: '1 if the API server answered last time, else 0.',
    registers,
    collect() {
      this.set(health.reachable ? 1 : 0)
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_cluster_last_contact_seconds',
    help: 'Seconds since the last answer of the API server.',
    registers,
    collect() {
      this.set(health.report.lastContactSeconds ?? Number.NaN)
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_leads',
    help: '1 if this replica leads: it carries out operations and repairs; else 0.',
    registers,
    collect() {
      this.set(leader.leads ? 1 : 0)
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_queue_depth',
    help: 'Tenants that wait for a worker: for an operation, a repair, or the resync.',
    labelNames: ['priority'],
    registers,
    collect() {
      for (const priority of PRIORITIES) this.set({ priority }, queue.depth(priority))
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_queue_age_seconds',
    help: 'How long the one of them that came first has waited.',
    labelNames: ['priority'],
    registers,
    collect() {
      for (const priority of PRIORITIES) this.set({ priority }, queue.age(priority) / 1000)
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_tenants',
    help: 'Tenants by state.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of STATES) this.set({ state }, tenants.count(state))
    },
  })
  new Gauge({
    name: 'fluxiondb_provisioner_watch_age_seconds',
    help: 'Seconds since the API server last said something of a watched resource; it does so every minute or so.',
    labelNames: ['resource'],
    registers,
    collect() {
      for (const [resource, age] of Object.entries(cache.ages)) this.set({ resource }, age ?? Number.NaN)
    },
  })
}
