import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { oneOf, refTo } from '../schemas/enumeration.ts'
import { CreateTenantSchema, TenantListSchema, TenantSchema, UserId } from '../schemas/tenant.ts'
import { refuseUnmet } from '../tenants/commands/change.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { createTenant } from '../tenants/commands/create.ts'
import { STATES } from '../tenants/observe/state.ts'
import { unmet } from '../tenants/record/etag.ts'
import { listTenants } from '../tenants/view/list.ts'
import { viewTenant } from '../tenants/view/read.ts'
import { answerWrite } from './answer.ts'
import { cursorOf, PageQuery, pageOf, refuseStale } from './pages.ts'
import { ConditionHeaders, conditionsOf } from './preconditions.ts'
import { problems } from './problem-answers.ts'
import { callerOf, optionsOf, WriteHeaders, waitOf } from './request.ts'
import { textsOf } from './texts.ts'

export const IdParams = Type.Object({ id: UserId })

const ListQuery = Type.Object(
  {
    ...PageQuery.properties,
    state: Type.Optional(oneOf(STATES, { description: 'Only tenants in this state.' })),
    plan: Type.Optional(Type.String({ maxLength: 63, description: 'Only tenants on this size plan.' })),
    label: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^=]+=' }), {
        maxItems: 16,
        description: 'Only tenants with this label, as `team=a`; of several, with all of them.',
      }),
    ),
    includeDeleted: Type.Optional(
      Type.Boolean({ default: false, description: 'Also tenants that are deleted and kept.' }),
    ),
  },
  { additionalProperties: false },
)

const tenants: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.post(
    '/tenants',
    {
      config: { scope: 'write', unboundOnly: true },
      schema: {
        operationId: 'createTenant',
        summary: 'Create a tenant',
        description:
          'Answers as soon as the tenant is promised; the rest goes on by itself. Storage and CPU follow from the RAM. Without `apiKey` a key is generated, and shown in this answer only.',
        tags: ['tenants'],
        headers: WriteHeaders,
        body: refTo(CreateTenantSchema),
        response: {
          201: refTo(TenantSchema),
          202: refTo(TenantSchema),
          ...problems(400, 401, 403, 409, 412, 413, 415, 422, 503),
        },
      },
    },
    async ({ body, headers, ...request }, reply) => {
      const { apiKey: _, ...withoutKey } = body
      const { idempotent, ...conditions } = optionsOf(headers, ['POST', withoutKey])
      // Of a collection, which is always there and has no ETag.
      refuseUnmet(conditions, null)
      const { apiKey, ...written } = await createTenant(context, body, callerOf(request as never), idempotent)
      const extra = apiKey === undefined ? {} : { apiKey }
      return answerWrite(context, reply, { written, wait: waitOf(headers), done: 201, extra })
    },
  )

  app.get(
    '/tenants',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listTenants',
        summary: 'List tenants',
        description:
          'In the order of their ids. Filters narrow the list, and `nextCursor` leads to the next page, also while tenants come and go.',
        tags: ['tenants'],
        querystring: ListQuery,
        response: { 200: refTo(TenantListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async ({ query, identity }, reply) => {
      refuseStale(context)
      const { limit, cursor, state, plan, label = [], includeDeleted = false } = query
      const labels = label.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const)
      const filter = { includeDeleted, state, plan, labels, userId: identity?.userId }
      const page = pageOf(limit, cursor)
      const { userIds, next } = listTenants(context, filter, page.limit, page.after)
      const texts = textsOf(context)
      const items = userIds.map((userId) => texts.of(reply, userId)).join(',')
      const nextCursor = next === undefined ? null : cursorOf(next)
      reply.type('application/json; charset=utf-8')
      return reply.send(`{"items":[${items}],"nextCursor":${JSON.stringify(nextCursor)}}` as never)
    },
  )

  app.get(
    '/tenants/:id',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getTenant',
        summary: 'Get a tenant',
        description: 'What is desired, what is in force, how to connect, and what the newest operation does.',
        tags: ['tenants'],
        params: IdParams,
        headers: ConditionHeaders,
        response: {
          200: refTo(TenantSchema),
          304: Type.Null({ description: 'What is desired is as If-None-Match says; what is so may have changed.' }),
          ...problems(400, 401, 403, 404, 412, 503),
        },
      },
    },
    async ({ params, headers }, reply) => {
      const conditions = conditionsOf(headers)
      const { tenant, etag } = await viewTenant(context, params.id)
      // The ETag leaves out what is observed, so no cache may answer, or ask, in the name of a caller who wants to see that.
      reply.headers({ etag, 'cache-control': 'no-store' })
      if (unmet(conditions, etag) === 'If-None-Match') return reply.code(304).send(null)
      refuseUnmet(conditions, etag)
      return reply.send(tenant)
    },
  )
}

export default tenants
