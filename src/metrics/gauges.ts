import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge } from 'prom-client'
import type { ClusterHealth } from '../kubernetes/health.ts'
import type { Leader } from '../kubernetes/leader/leader.ts'
import type { WatchCache } from '../kubernetes/watch/cache.ts'
import { STATES } from '../tenants/observe/state.ts'
import type { TenantIndex } from '../tenants/observe/tenant-index.ts'
import { PRIORITIES, type WorkQueue } from '../tenants/reconcile/queue.ts'
import type { Metrics } from './metrics.ts'

export type Observables = {
  cache: WatchCache
  tenants: TenantIndex
  health: ClusterHealth
  leader: Pick<Leader, 'leads'>
  queue: WorkQueue
}

const LOOP_RESOLUTION_MS = 10
const HELP = {
  ram: 'RAM of all tenants together: what they were promised, and the limits in force.',
  storage: 'Storage of all tenants together: what they were promised, and what their volumes have.',
}

/** What is so now: computed when it is asked for. */
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
  for (const what of ['ram', 'storage'] as const) {
    new Gauge({
      name: `fluxiondb_provisioner_${what}_bytes`,
      help: HELP[what],
      labelNames: ['kind'],
      registers,
      collect() {
        const { promised, inForce } = tenants.sizes[what]
        this.set({ kind: 'promised' }, promised)
        this.set({ kind: 'in_force' }, inForce)
      },
    })
  }
}
