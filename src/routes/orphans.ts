import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { refTo } from '../schemas/enumeration.ts'
import { OrphanListSchema } from '../schemas/orphans.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { listOrphans } from '../tenants/view/orphans.ts'
import { refuseStale } from './pages.ts'
import { problems } from './problem-answers.ts'

const orphans: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/admin/orphans',
    {
      config: { scope: 'admin', unboundOnly: true },
      schema: {
        operationId: 'listOrphans',
        summary: 'List what is left of tenants and belongs to none',
        description:
          'Disks that the reclaim policy has kept after a purge, namespaces that lost their record, and what a create left that was cut off: with what they cost in storage, and how each is made use of or removed. What belongs to a tenant is never on this list, suspended and deleted ones included.',
        tags: ['service'],
        response: { 200: refTo(OrphanListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async () => {
      refuseStale(context)
      return listOrphans(context)
    },
  )
}

export default orphans
