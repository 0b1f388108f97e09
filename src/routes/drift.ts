import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { problem } from '../errors.ts'
import { DriftListSchema } from '../schemas/drift.ts'
import { refTo } from '../schemas/enumeration.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { listDrift } from '../tenants/view/drift.ts'
import { cursorOf, userIdOfCursor } from './cursor.ts'
import { problems } from './problem-answers.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 500

const Query = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        default: DEFAULT_LIMIT,
        description: 'Tenants on a page. More than 500 counts as 500.',
      }),
    ),
    cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before; empty: the first page.' })),
  },
  { additionalProperties: false },
)

const drift: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/admin/drift',
    {
      config: { scope: 'admin', unboundOnly: true },
      schema: {
        operationId: 'listDrift',
        summary: 'List what another hand has changed',
        tags: ['service'],
        querystring: Query,
        response: { 200: refTo(DriftListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async ({ query: { limit = DEFAULT_LIMIT, cursor } }) => {
      if (!context.cache.synced) throw problem('not-ready', 'The tenants are still being read from the cluster.')
      const after = cursor ? userIdOfCursor(cursor) : undefined
      const { items, next } = await listDrift(context, Math.min(limit, MAX_LIMIT), after)
      return { items, nextCursor: next === undefined ? null : cursorOf(next) }
    },
  )
}

export default drift
