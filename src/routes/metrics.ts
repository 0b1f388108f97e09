import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Metrics } from '../metrics/metrics.ts'
import { problems } from './problem-answers.ts'

const metricsRoute: FastifyPluginAsyncTypebox<{ metrics: Metrics }> = async (app, { metrics }) => {
  app.get(
    '/metrics',
    {
      config: { scope: 'metrics' },
      schema: {
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        description: 'In the text format of Prometheus.',
        tags: ['service'],
        response: {
          200: { description: 'The exposition format.', content: { 'text/plain': { schema: Type.String() } } },
          ...problems(400, 401, 403),
        },
      },
    },
    async (_request, reply) =>
      reply.type(metrics.registry.contentType).send((await metrics.registry.metrics()) as never),
  )
}

export default metricsRoute
