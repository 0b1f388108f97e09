import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { refTo } from '../schemas/enumeration.ts'
import { LivezSchema, ReadyzSchema } from '../schemas/health.ts'
import type { TenantContext } from '../tenants/commands/context.ts'

export type HealthOptions = { context: TenantContext; isDraining: () => boolean }

/** Neither depends on the API server: an outage of it must not take this service out of its Service, or restart it. */
const health: FastifyPluginAsyncTypebox<HealthOptions> = async (app, { context, isDraining }) => {
  app.get(
    '/livez',
    {
      config: { scope: 'public' },
      schema: {
        operationId: 'livez',
        summary: 'Whether the process works',
        description: 'For a liveness probe. It does not ask whether the cluster answers, as a restart would not help.',
        tags: ['service'],
        response: { 200: refTo(LivezSchema) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/readyz',
    {
      config: { scope: 'public' },
      schema: {
        operationId: 'readyz',
        summary: 'Whether requests should be sent here: after the first sync, and until it drains',
        description:
          'For a readiness probe. The body says whether the cluster answers and how old what is known of it is; neither makes the service unready.',
        tags: ['service'],
        response: { 200: refTo(ReadyzSchema), 503: refTo(ReadyzSchema) },
      },
    },
    async (_request, reply) => {
      const status = isDraining() ? 'draining' : context.cache.synced ? 'ready' : 'starting'
      const ages = Object.values(context.cache.ages)
      const watchAgeSeconds = ages.includes(null) ? null : Math.max(0, ...(ages as number[]))
      return reply
        .code(status === 'ready' ? 200 : 503)
        .send({ status, cluster: context.health.report, watchAgeSeconds })
    },
  )
}

export default health
