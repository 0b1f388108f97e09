import { LEFT, type Metrics } from '../metrics/metrics.ts'
import type { End } from './request-ends.ts'

/** Counts and times a request by its route, never by its address: that would hold tenants' ids. */
export function count({ requests }: Metrics, { request, reply, hasLeft, seconds }: End): void {
  const route = request.routeOptions.url ?? 'none'
  requests.observe({ method: request.method, route, status: hasLeft ? LEFT : reply.statusCode }, seconds)
}

/** Counts what never became a request. */
export function countRefused({ requests }: Metrics, status: number): void {
  requests.observe({ method: 'none', route: 'none', status }, 0)
}
