import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { problem } from '../errors.ts'
import { oneOf, refTo } from '../schemas/enumeration.ts'
import { OperationListSchema, OperationSchema, TenantOperationListSchema } from '../schemas/operation.ts'
import { UserId } from '../schemas/tenant.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { OPERATION_STATES, OPERATION_TYPES } from '../tenants/record/operation.ts'
import { listNewest } from '../tenants/view/list.ts'
import { listOperations } from '../tenants/view/read.ts'
import { cursorOf, PageQuery, pageOf, refuseStale } from './pages.ts'
import { problems } from './problem-answers.ts'
import { IdParams } from './tenants.ts'

const NewestQuery = Type.Object(
  {
    ...PageQuery.properties,
    state: Type.Optional(oneOf(OPERATION_STATES, { description: 'Only operations in this state.' })),
    type: Type.Optional(oneOf(OPERATION_TYPES, { description: 'Only operations of this type.' })),
  },
  { additionalProperties: false },
)

const OperationParams = Type.Object({ id: UserId, operationId: Type.String({ maxLength: 64 }) })

const operations: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/operations',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listNewestOperations',
        summary: 'List the newest operation of each tenant',
        description: 'One operation for each tenant, the newest. Filters find those that run or have failed.',
        tags: ['operations'],
        querystring: NewestQuery,
        response: { 200: refTo(TenantOperationListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async ({ query, identity }) => {
      refuseStale(context)
      const { limit, cursor, ...filter } = query
      const page = pageOf(limit, cursor)
      const { items, next } = listNewest(context, { ...filter, userId: identity?.userId }, page.limit, page.after)
      return { items, nextCursor: next === undefined ? null : cursorOf(next) }
    },
  )

  app.get(
    '/tenants/:id/operations',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listOperations',
        summary: 'List the last operations of a tenant: all of a day, and at least ten',
        description: 'Newest first, each with its steps, its plan and what really happened.',
        tags: ['operations'],
        params: IdParams,
        response: { 200: refTo(OperationListSchema), ...problems(400, 401, 403, 404, 503) },
      },
    },
    async ({ params }) => ({ items: await listOperations(context, params.id) }),
  )

  app.get(
    '/tenants/:id/operations/:operationId',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getOperation',
        summary: 'Get an operation of a tenant',
        description: 'How far an operation has come, and how it ended.',
        tags: ['operations'],
        params: OperationParams,
        response: { 200: refTo(OperationSchema), ...problems(400, 401, 403, 404, 503) },
      },
    },
    async ({ params }) => {
      const found = (await listOperations(context, params.id)).find(({ id }) => id === params.operationId)
      if (!found) throw problem('operation-not-found')
      return found
    },
  )
}

export default operations
