import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { problem } from '../errors.ts'
import { refTo } from '../schemas/enumeration.ts'
import { OperationListSchema, OperationSchema } from '../schemas/operation.ts'
import { UserId } from '../schemas/tenant.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { listOperations } from '../tenants/view/read.ts'
import { problems } from './problem-answers.ts'
import { IdParams } from './tenants.ts'

const OperationParams = Type.Object({ id: UserId, operationId: Type.String({ maxLength: 64 }) })

const operations: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/tenants/:id/operations',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listOperations',
        summary: 'List the last operations of a tenant: all of a day, and at least ten',
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
