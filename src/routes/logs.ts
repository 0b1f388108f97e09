import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { TenantContext } from '../tenants/commands/context.ts'
import { openLog } from '../tenants/insight/log.ts'
import { redactorOf } from '../tenants/insight/redact.ts'
import { observeTenant } from '../tenants/view/read.ts'
import { endOfAnswer } from './end-of-answer.ts'
import { problems } from './problem-answers.ts'
import { IdParams } from './tenants.ts'

const Query = Type.Object(
  {
    tail: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, default: 100, description: 'So many lines, the last ones.' }),
    ),
    since: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'Only lines of the last so many seconds.' }),
    ),
    previous: Type.Optional(
      Type.Boolean({ default: false, description: 'Of the container that ran before this one in the same pod.' }),
    ),
    follow: Type.Optional(
      Type.Boolean({ default: false, description: 'Go on with new lines until the container ends or you hang up.' }),
    ),
  },
  { additionalProperties: false },
)

const logs: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/tenants/:id/logs',
    {
      config: { scope: 'logs' },
      // A log may be followed for days.
      handlerTimeout: 0x7fffffff,
      schema: {
        operationId: 'getLogs',
        summary: 'Get what a database has written, each line with its time',
        description: 'Oldest first. Keys are replaced. With `follow` the answer goes on until the container ends.',
        tags: ['insight'],
        params: IdParams,
        querystring: Query,
        response: {
          200: { description: 'Lines.', content: { 'text/plain': { schema: Type.String() } } },
          ...problems(400, 401, 403, 404, 409, 503),
        },
      },
    },
    async (request, reply) => {
      const { tail = 100, ...query } = request.query
      const { params } = request
      const { spec, observed } = await observeTenant(context, params.id)
      const redacted = await redactorOf(context, spec)
      const signal = endOfAnswer(request, reply, context.stopping)
      const lines = await openLog(context, params.id, observed, { tail, ...query }, redacted, signal)
      return reply.type('text/plain; charset=utf-8').send(Readable.from(lines) as never)
    },
  )
}

export default logs
