import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { USER_ID_PATTERN } from '../manifests/names.ts'

const USER_ID = new RegExp(USER_ID_PATTERN)

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
          // Only what can be an id: a confused client may have put a key there.
          tenant: [id, userId].find((one) => typeof one === 'string' && USER_ID.test(one)) ?? null,
          status: reply.statusCode,
          requestId: request.id,
        },
      },
      'audit',
    )
  })
})
