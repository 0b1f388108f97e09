import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Call } from '../kubernetes/http.ts'
import type { Operation } from '../tenants/record/operation.ts'

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
  const changes = new Counter({
    name: 'fluxiondb_provisioner_changes_total',
    help: 'Changes of a running database that have ended, by what they did to it.',
    labelNames: ['type', 'disruption'],
    registers,
  })
  const plans = new Counter({
    name: 'fluxiondb_provisioner_plans_total',
    help: 'Changes that had said before what they would do to the database: whether it came so.',
    labelNames: ['kept'],
    registers,
  })
  // A rule about what has never happened needs a zero to begin with.
  for (const kept of ['true', 'false']) plans.inc({ kept }, 0)
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
    onFinished({ type, state, startedAt, finishedAt, outcome }: Operation): void {
      const seconds = (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000
      operations.observe({ type, state }, seconds)
      if (outcome === undefined) return
      changes.inc({ type, disruption: outcome.disruption })
      if (outcome.asPlanned !== null) plans.inc({ kept: String(outcome.asPlanned) })
    },
  }
}
