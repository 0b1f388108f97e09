import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { refTo } from '../schemas/enumeration.ts'
import { PlanSchema } from '../schemas/plan.ts'
import { ResizeSchema, TenantSchema } from '../schemas/tenant.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { planTenantResize, resizeTenant } from '../tenants/commands/resize.ts'
import type { Operation } from '../tenants/record/operation.ts'
import { answerWrite } from './answer.ts'
import { ConditionHeaders } from './preconditions.ts'
import { CHANGE_ANSWERS, PLAN_ANSWERS } from './problem-answers.ts'
import { ChangeHeaders, callerOf, ForceQuery, optionsOf, waitOf } from './request.ts'
import { IdParams } from './tenants.ts'

export const DryRunQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Boolean({
        default: false,
        deprecated: true,
        description: 'Answer the plan (200) and change nothing; `POST .../plan` answers it as a type of its own.',
      }),
    ),
  },
  { additionalProperties: false },
)
export const ChangeQuery = Type.Object(
  { ...DryRunQuery.properties, ...ForceQuery.properties },
  { additionalProperties: false },
)
export const TenantOrPlan = Type.Unsafe<Static<typeof TenantSchema> | Static<typeof PlanSchema>>({
  description: 'The tenant; with `dryRun` the plan.',
  anyOf: [refTo(TenantSchema), refTo(PlanSchema)],
})

const ram: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.patch(
    '/tenants/:id/ram',
    {
      config: { scope: 'resize' },
      schema: {
        operationId: 'resizeTenant',
        summary: 'Change the RAM of a tenant; CPU and storage follow',
        description:
          'Without a restart where the cluster can do that; `strategy` says what else is allowed. A size that does not fit is refused, or taken back, and the old one stays in force.',
        tags: ['tenants'],
        params: IdParams,
        querystring: ChangeQuery,
        headers: ChangeHeaders,
        body: refTo(ResizeSchema),
        response: { ...CHANGE_ANSWERS, 200: TenantOrPlan },
      },
    },
    async (request, reply) => {
      const { params, query, body, headers } = request
      const caller = callerOf(request)
      const options = optionsOf(headers, ['resize', params.id, body], query.force)
      if (query.dryRun) return reply.code(200).send(await planTenantResize(context, params.id, body, caller, options))
      const written = await resizeTenant(context, params.id, body, caller, options)
      const extra = notesOf(written.operation)
      return answerWrite(context, reply, { written, wait: waitOf(headers), done: 200, extra })
    },
  )

  app.post(
    '/tenants/:id/ram/plan',
    {
      config: { scope: 'resize' },
      schema: {
        operationId: 'planResize',
        summary: 'Say what a change of RAM would do; nothing is changed',
        description:
          'Takes the body of the change itself, and answers whether it is feasible, what it would interrupt, and why.',
        tags: ['plans'],
        params: IdParams,
        querystring: ForceQuery,
        headers: ConditionHeaders,
        body: refTo(ResizeSchema),
        response: PLAN_ANSWERS,
      },
    },
    async (request) => {
      const { params, query, body, headers } = request
      return planTenantResize(context, params.id, body, callerOf(request), optionsOf(headers, undefined, query.force))
    },
  )
}

/** What a person should know of a change that was accepted. */
export function notesOf({ plan }: Operation): { notes?: string[] } {
  const notes = plan?.reasons.map(({ message }) => message) ?? []
  return notes.length > 0 ? { notes } : {}
}

export default ram
