import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LEFT } from '../metrics/metrics.ts'
import { beginRequest } from '../spans.ts'
import type { RequestEnds } from './request-ends.ts'

type Traced = ReturnType<typeof beginRequest>

/** A span for each request, by its route and never by its address, and all that it does in it. */
export function traceRequests(app: FastifyInstance, ends: RequestEnds): void {
  const traced = new WeakMap<FastifyRequest, Traced>()
  app.addHook('onRequest', async (request) => {
    const { method, headers, id } = request
    const route = request.routeOptions.url ?? 'none'
    const attributes = { 'http.request.method': method, 'http.route': route, 'request.id': id }
    traced.set(request, beginRequest(headers, `${method} ${route}`, attributes))
  })
  // Once the body is there, as reading it runs outside of any request.
  app.addHook('preValidation', (request, _reply, done) => {
    traced.get(request)!.run(done)
  })
  ends.onEnd(({ request, reply, hasLeft }) => traced.get(request)?.end(hasLeft ? LEFT : reply.statusCode))
}
