import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import type { Metrics } from '../metrics.ts'

/** Counts and times every request by its route, never by its address: that would hold tenants' ids. */
export default plugin(async (app: FastifyInstance, { metrics }: { metrics: Metrics }) => {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
})
