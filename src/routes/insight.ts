import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { refTo } from '../schemas/enumeration.ts'
import { DiagnosisSchema, EventListSchema, UsageSchema } from '../schemas/insight.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { diagnose } from '../tenants/diagnosis/diagnose.ts'
import { examine } from '../tenants/diagnosis/examine.ts'
import { eventsOf } from '../tenants/insight/events.ts'
import { redactorOf } from '../tenants/insight/redact.ts'
import { usageOf } from '../tenants/insight/usage.ts'
import { stateOf } from '../tenants/observe/state.ts'
import { observeTenant } from '../tenants/view/read.ts'
import { problems } from './problem-answers.ts'
import { IdParams } from './tenants.ts'

const EventQuery = Type.Object(
  { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })) },
  { additionalProperties: false },
)
const FAILURES = problems(400, 401, 403, 404, 503)

const insight: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/tenants/:id/events',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listEvents',
        summary: "List Kubernetes' own events of a tenant, of the last hour as a rule",
        description:
          'What Kubernetes has noted of the objects of a tenant, newest first: failed pulls and mounts, kills, volumes that grow.',
        tags: ['insight'],
        params: IdParams,
        querystring: EventQuery,
        response: { 200: refTo(EventListSchema), ...FAILURES },
      },
    },
    async ({ params, query: { limit = 100 } }) => {
      const { spec } = await observeTenant(context, params.id)
      const events = await eventsOf(context, params.id, await redactorOf(context, spec))
      return { items: events.slice(0, limit) }
    },
  )

  app.get(
    '/tenants/:id/usage',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getUsage',
        summary: 'Get what a database uses of what it has',
        description:
          'CPU and memory as the metrics API has them, beside the limits, and restarts. What is not known is null, with the reason.',
        tags: ['insight'],
        params: IdParams,
        response: { 200: refTo(UsageSchema), ...FAILURES },
      },
    },
    async ({ params }) => usageOf(context.apis, (await observeTenant(context, params.id)).observed),
  )

  app.get(
    '/tenants/:id/diagnosis',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getDiagnosis',
        summary: 'Get what is wrong with a tenant, by what that is known, and what to do',
        description:
          'Looks at everything that is known of a tenant and says what is wrong, on what evidence, and what to do. A healthy tenant has no findings.',
        tags: ['insight'],
        params: IdParams,
        response: { 200: refTo(DiagnosisSchema), ...FAILURES },
      },
    },
    async ({ params }) => {
      const { spec, observed } = await observeTenant(context, params.id)
      const seen = await examine(context, spec, observed, Date.now())
      const findings = diagnose(seen)
      const notSeen = (['events', 'log'] as const).filter((what) => seen[what] === undefined)
      return { state: stateOf(spec, observed), healthy: findings.length === 0, findings, notSeen }
    },
  )
}

export default insight
