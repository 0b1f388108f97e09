import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { refTo } from '../schemas/enumeration.ts'
import { PatchTenantSchema, PutTenantSchema, TenantSchema } from '../schemas/tenant.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { createMissing } from '../tenants/commands/create-missing.ts'
import { declarationOf, patchOf, planTenantUpdate, refuseOtherKey, updateTenant } from '../tenants/commands/update.ts'
import { answerWrite } from './answer.ts'
import { ConditionHeaders } from './preconditions.ts'
import { CHANGE_ANSWERS, PLAN_ANSWERS } from './problem-answers.ts'
import { ChangeQuery, notesOf, TenantOrPlan } from './ram.ts'
import { ChangeHeaders, callerOf, ForceQuery, optionsOf, waitOf } from './request.ts'
import { IdParams } from './tenants.ts'

const options: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.put(
    '/tenants/:id',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'putTenant',
        summary: 'Create a tenant, or make it what the request says',
        description:
          'Declares a tenant: creates it if it is not there, and changes what differs if it is. Sending the same again changes nothing. Options that are left out go back to their defaults.',
        tags: ['tenants'],
        params: IdParams,
        querystring: ForceQuery,
        headers: ChangeHeaders,
        body: refTo(PutTenantSchema),
        response: { ...CHANGE_ANSWERS, 201: refTo(TenantSchema) },
      },
    },
    async (request, reply) => {
      const { params, query, body, headers, identity } = request
      const { apiKey: key, ...declaration } = body
      const caller = callerOf(request)
      const change = optionsOf(headers, ['PUT', params.id, declaration], query.force)
      const wait = waitOf(headers)
      const isBound = identity?.userId !== undefined
      const created = isBound ? undefined : await createMissing(context, { ...body, userId: params.id }, caller, change)
      if (created) {
        const { apiKey, ...written } = created
        const extra = apiKey === undefined ? {} : { apiKey }
        return answerWrite(context, reply, { written, wait, done: 201, extra })
      }
      await refuseOtherKey(context, params.id, key)
      const declared = declarationOf(context, params.id, declaration, caller)
      const written = await updateTenant(context, params.id, declared, caller, change)
      return answerWrite(context, reply, { written, wait, done: 200, extra: notesOf(written.operation) })
    },
  )

  app.patch(
    '/tenants/:id',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'patchTenant',
        summary: 'Change options of a tenant, and its RAM; null gives an option back to the default',
        description:
          'Changes only what the body names. What a change would do, and whether it restarts the database, can be asked before.',
        tags: ['tenants'],
        params: IdParams,
        querystring: ChangeQuery,
        headers: ChangeHeaders,
        body: refTo(PatchTenantSchema),
        response: { ...CHANGE_ANSWERS, 200: TenantOrPlan },
      },
    },
    async (request, reply) => {
      const { params, query, body, headers } = request
      const caller = callerOf(request)
      const patch = patchOf(context, params.id, body, caller)
      const change = optionsOf(headers, ['PATCH', params.id, body], query.force)
      if (query.dryRun) return reply.code(200).send(await planTenantUpdate(context, params.id, patch, change))
      const written = await updateTenant(context, params.id, patch, caller, change)
      const answer = { written, wait: waitOf(headers), extra: notesOf(written.operation) }
      return answerWrite(context, reply, { ...answer, done: 200 })
    },
  )

  app.post(
    '/tenants/:id/plan',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'planUpdate',
        summary: 'Say what a change of options and RAM would do; nothing is changed',
        description:
          'Takes the body of the change itself, and answers whether it is feasible, what it would interrupt, and why.',
        tags: ['plans'],
        params: IdParams,
        querystring: ForceQuery,
        headers: ConditionHeaders,
        body: refTo(PatchTenantSchema),
        response: PLAN_ANSWERS,
      },
    },
    async (request) => {
      const { params, query, body, headers } = request
      const patch = patchOf(context, params.id, body, callerOf(request))
      return planTenantUpdate(context, params.id, patch, optionsOf(headers, undefined, query.force))
    },
  )
}

export default options
