import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { refTo } from '../schemas/enumeration.ts'
import { SizePlanListSchema } from '../schemas/size-plan.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { problems } from './problem-answers.ts'

const plans: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/plans',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listPlans',
        summary: 'List the size plans',
        description: 'Sizes by name, as the operator offers them.',
        tags: ['plans'],
        response: { 200: refTo(SizePlanListSchema), ...problems(400, 401, 403) },
      },
    },
    async () => ({ items: context.policy.current.plans }),
  )
}

export default plans
