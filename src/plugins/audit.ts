import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

/** One line for every request that may change something, refused ones too: who, what, which tenant, outcome. No values. */
export default plugin(async (app: FastifyInstance) => {
  app.addHook('onResponse', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD' || request.is404) return
    const { id } = request.params as { id?: string }
    const { userId } = (request.body ?? {}) as { userId?: unknown }
    request.log.info(
      {
        audit: {
          credential: request.identity?.id ?? null,
          action: `${request.method} ${request.routeOptions.url}`,
          tenant: id ?? (typeof userId === 'string' ? userId.slice(0, 64) : null),
          status: reply.statusCode,
          requestId: request.id,
        },
      },
      'audit',
    )
  })
})
