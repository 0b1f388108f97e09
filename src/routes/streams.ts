import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { Changes } from '../tenants/stream/changes.ts'
import { streamOf, type Told } from '../tenants/stream/stream.ts'
import { endOfAnswer } from './end-of-answer.ts'
import { refuseStale } from './pages.ts'
import { problems } from './problem-answers.ts'
import { IdParams } from './tenants.ts'
import { textsOf } from './texts.ts'

/** A stream may last; it ends by itself. */
const NO_TIMEOUT = 0x7fffffff
/** Streams of one process, each with what it has not sent yet. */
const MOST = 1000
/** After how long (ms) a browser comes again. */
const RETRY_MS = 1000

const Headers = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'The id of the last event that was received: the stream goes on behind it.',
    }),
  ),
})
const ANSWERS = {
  200: {
    description:
      'Server-sent events. `tenant`: the tenant as it is, like an item of a list. `deleted`: `{userId}`. `synced`: all were told. ' +
      '`resync`: the position was too old, all are told anew, and what does not come again is gone. It ends after a quarter of an hour.',
    content: { 'text/event-stream': { schema: Type.String() } },
  },
  ...problems(400, 401, 403, 404, 503),
}

const streams: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  /** Positions are those of this process. */
  const epoch = randomBytes(6).toString('base64url')
  /** Changes are noted from the first stream on. */
  let changes: Changes | undefined
  let open = 0

  function send(
    reply: FastifyReply,
    request: FastifyRequest,
    one: { userId?: string | undefined; endsWithIt?: boolean },
  ) {
    const { cache, tenants, stopping } = context
    refuseStale(context)
    changes ??= new Changes(cache)
    if (open >= MOST) throw problem('overloaded', 'This service has as many streams as it can serve.')
    open++
    reply.raw.once('close', () => open--)
    const told = streamOf(tenants, changes, {
      ...one,
      ...positionIn(request.headers['last-event-id'] as string | undefined),
      signal: endOfAnswer(request, reply, stopping),
    })
    reply.headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    return reply.send(Readable.from(written(told, reply)) as never)
  }

  function positionIn(id: string | undefined): { position?: number; isForeign?: boolean } {
    if (id === undefined || id === '') return {}
    const [from, number] = id.split('.')
    return from === epoch && /^\d{1,15}$/.test(number ?? '') ? { position: Number(number) } : { isForeign: true }
  }

  async function* written(stream: AsyncIterable<Told[]>, reply: FastifyReply): AsyncGenerator<string> {
    yield `retry: ${RETRY_MS}\n\n`
    for await (const told of stream) if (told.length > 0) yield told.map((one) => textOf(one, reply)).join('')
  }

  function textOf(told: Told, reply: FastifyReply): string {
    if (told.event === 'heartbeat') return ':\n\n'
    const id = told.position === undefined ? '' : `id: ${epoch}.${told.position}\n`
    // It may have gone since.
    const isGone = told.event === 'tenant' && !context.tenants.has(told.userId)
    const data =
      told.event === 'tenant' && !isGone
        ? textsOf(context).of(reply, told.userId)
        : JSON.stringify('userId' in told ? { userId: told.userId } : {})
    return `event: ${isGone ? 'deleted' : told.event}\n${id}data: ${data}\n\n`
  }

  app.get(
    '/stream',
    {
      config: { scope: 'read' },
      handlerTimeout: NO_TIMEOUT,
      schema: {
        operationId: 'streamTenants',
        summary: 'Follow all tenants and what changes',
        description:
          'Server-sent events: every tenant as it is now, then each that changes, from the moment it changes. After a cut, send the id of the last event as `Last-Event-ID` and nothing is missed.',
        tags: ['tenants'],
        headers: Headers,
        response: ANSWERS,
      },
    },
    async (request, reply) => send(reply, request as never, { userId: request.identity?.userId }),
  )

  app.get(
    '/tenants/:id/stream',
    {
      config: { scope: 'read' },
      handlerTimeout: NO_TIMEOUT,
      schema: {
        operationId: 'streamTenant',
        summary: 'Follow a tenant and what changes, until it is gone',
        description: 'As the stream of all tenants, for one of them. It ends when the tenant is gone.',
        tags: ['tenants'],
        params: IdParams,
        headers: Headers,
        response: ANSWERS,
      },
    },
    async (request, reply) => {
      refuseStale(context)
      if (!context.tenants.has(request.params.id)) throw problem('tenant-not-found')
      return send(reply, request as never, { userId: request.params.id, endsWithIt: true })
    },
  )
}

export default streams
