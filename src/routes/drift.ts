import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { DriftListSchema } from '../schemas/drift.ts'
import { refTo } from '../schemas/enumeration.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { listDrift } from '../tenants/view/drift.ts'
import { cursorOf, PageQuery, pageOf, refuseStale } from './pages.ts'
import { problems } from './problem-answers.ts'

const Query = Type.Object(PageQuery.properties, { additionalProperties: false })

const drift: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/admin/drift',
    {
      config: { scope: 'admin', unboundOnly: true },
      schema: {
        operationId: 'listDrift',
        summary: 'List what another hand has changed',
        description:
          "Fields of tenants' objects that say something else than what is desired, with both values. What needs no restart is mended by itself within seconds.",
        tags: ['service'],
        querystring: Query,
        response: { 200: refTo(DriftListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      refuseStale(context)
      const page = pageOf(limit, cursor)
      const { items, next } = await listDrift(context, page.limit, page.after)
      return { items, nextCursor: next === undefined ? null : cursorOf(next) }
    },
  )
}

export default drift
