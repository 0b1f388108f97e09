import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { requireScope } from '../plugins/auth.ts'
import { DeletionSchema } from '../schemas/deletion.ts'
import { refTo } from '../schemas/enumeration.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { deleteTenant, purgeTenant, undeleteTenant } from '../tenants/commands/delete.ts'
import { whatPurgingDoes } from '../tenants/commands/reclaim-policy.ts'
import { viewDeletion } from '../tenants/view/deletion.ts'
import { answerWrite } from './answer.ts'
import { CHANGE_ANSWERS, problems } from './problem-answers.ts'
import { ChangeHeaders, callerOf, optionsOf, waitOf } from './request.ts'
import { IdParams } from './tenants.ts'

const DeleteQuery = Type.Object(
  {
    purge: Type.Optional(
      Type.Boolean({ default: false, description: 'Remove the data too. Needs the scope `purge`.' }),
    ),
  },
  { additionalProperties: false },
)

const deletion: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.delete(
    '/tenants/:id',
    {
      config: { scope: 'delete' },
      schema: {
        operationId: 'deleteTenant',
        summary: 'Delete a tenant; its data is kept, unless it is purged',
        description:
          'Stops the database and keeps its data, key and options, so that it can be brought back. With `purge` everything is removed for good.',
        tags: ['tenants'],
        params: IdParams,
        querystring: DeleteQuery,
        headers: ChangeHeaders,
        response: { ...CHANGE_ANSWERS, 204: Type.Null({ description: 'Purged; nothing is left.' }) },
      },
    },
    async (request, reply) => {
      const { params, query, headers, identity } = request
      const { purge = false } = query
      if (purge && identity) requireScope(identity, 'purge')
      const remove = purge ? purgeTenant : deleteTenant
      const options = optionsOf(headers, ['delete', params.id, purge])
      // Before the write: once that is made, nothing may come between it and its answer.
      const extra = { notes: [await whatPurgingDoes(context, params.id)] }
      const written = await remove(context, params.id, callerOf(request), options)
      return answerWrite(context, reply, { written, wait: waitOf(headers), done: 200, extra })
    },
  )

  app.get(
    '/tenants/:id/deletion',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getDeletion',
        summary: 'Get how far the deletion of a tenant has come, and what holds it up',
        description:
          'The objects that are there still, the finalizers that they wait for, what Kubernetes says of the namespace, and what to do next. 404 once nothing is left.',
        tags: ['tenants'],
        params: IdParams,
        response: { 200: refTo(DeletionSchema), ...problems(400, 401, 403, 404, 503) },
      },
    },
    async ({ params }) => viewDeletion(context, params.id),
  )

  app.post(
    '/tenants/:id/undelete',
    {
      config: { scope: 'delete' },
      schema: {
        operationId: 'undeleteTenant',
        summary: 'Bring a deleted tenant back with its data',
        description: 'Starts the database again with the data, key, sizes and options that it had.',
        tags: ['tenants'],
        params: IdParams,
        headers: ChangeHeaders,
        response: CHANGE_ANSWERS,
      },
    },
    async (request, reply) => {
      const { params, headers } = request
      const options = optionsOf(headers, ['undelete', params.id])
      const written = await undeleteTenant(context, params.id, callerOf(request), options)
      return answerWrite(context, reply, { written, wait: waitOf(headers), done: 200 })
    },
  )
}

export default deletion
