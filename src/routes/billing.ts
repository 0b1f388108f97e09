import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { problem } from '../errors.ts'
import { BilledUsageListSchema } from '../schemas/billing.ts'
import { refTo } from '../schemas/enumeration.ts'
import { type Account, accounts, type Span } from '../tenants/billing/account.ts'
import { gibHours, hours } from '../tenants/billing/bill.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import { cursorOf, PageQuery, pageOf, refuseStale } from './pages.ts'
import { problems } from './problem-answers.ts'

const SpanQuery = Type.Object(
  {
    from: Type.Optional(
      Type.String({ format: 'date-time', description: 'Beginning of the span; left out: that of this month (UTC).' }),
    ),
    to: Type.Optional(
      Type.String({ format: 'date-time', description: 'End of the span, not in it; left out, or in the future: now.' }),
    ),
  },
  { additionalProperties: false },
)
const ListQuery = Type.Object({ ...SpanQuery.properties, ...PageQuery.properties }, { additionalProperties: false })
/** All tenants are read for it. */
const LONG_MS = 600_000
const HEADER = 'userId,from,to,ramGibHours,storageGibHours,runningHours,since,purged\n'

const billing: FastifyPluginAsyncTypebox<{ context: TenantContext }> = async (app, { context }) => {
  app.get(
    '/usage',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listUsage',
        summary: 'List what tenants were given in a span of time, for a bill',
        description:
          'GiB-hours of RAM and storage and hours in which the database ran, by the history of sizes and states. Tenants that are purged are in it as long as their history is kept.',
        tags: ['billing'],
        querystring: ListQuery,
        response: { 200: refTo(BilledUsageListSchema), ...problems(400, 401, 403, 503) },
      },
    },
    async ({ query, identity }) => {
      refuseStale(context)
      const span = spanOf(query)
      const { limit, after } = pageOf(query.limit, query.cursor)
      const items: Account[] = []
      let next: string | undefined
      for await (const account of accounts(context, span, { only: identity?.userId, after })) {
        if (items.length === limit) {
          next = items.at(-1)!.userId
          break
        }
        items.push(account)
      }
      const nextCursor = next === undefined ? null : cursorOf(next)
      return { from: timeOf(span.from), to: timeOf(span.to), items: items.map(view), nextCursor }
    },
  )

  app.get(
    '/usage.csv',
    {
      config: { scope: 'read' },
      handlerTimeout: LONG_MS,
      schema: {
        operationId: 'exportUsage',
        summary: 'Get what all tenants were given in a span of time, as CSV',
        description:
          'The same as the list of usage, all in one answer and a line for each tenant. An answer that is cut off is not complete.',
        tags: ['billing'],
        querystring: SpanQuery,
        response: {
          200: { description: 'A line for each tenant.', content: { 'text/csv': { schema: Type.String() } } },
          ...problems(400, 401, 403, 503),
        },
      },
    },
    async ({ query, identity }, reply) => {
      refuseStale(context)
      const span = spanOf(query)
      // What cannot be read is told before the first line, or by a connection that is cut off: half a bill is none.
      const rows = accounts(context, span, { only: identity?.userId })
      const first = await rows.next()
      return reply.type('text/csv; charset=utf-8').send(Readable.from(linesOf(span, first, rows)) as never)
    },
  )
}

async function* linesOf({ from, to }: Span, first: IteratorResult<Account>, rest: AsyncIterable<Account>) {
  const line = (account: Account) => {
    const { userId, ...amounts } = view(account)
    return `${[userId, timeOf(from), timeOf(to), ...Object.values(amounts)].join(',')}\n`
  }
  yield HEADER
  if (first.done) return
  yield line(first.value)
  for await (const account of rest) yield line(account)
}

function view({ userId, ramByteMs, storageByteMs, runningMs, since, isPurged }: Account) {
  return {
    userId,
    ramGibHours: gibHours(ramByteMs),
    storageGibHours: gibHours(storageByteMs),
    runningHours: hours(runningMs),
    since,
    purged: isPurged,
  }
}

const timeOf = (ms: number) => new Date(ms).toISOString()

/** @throws problem `invalid-request` if it ends before it begins */
function spanOf({ from, to }: { from?: string | undefined; to?: string | undefined }): Span {
  const now = new Date()
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth())
  const span = {
    from: from === undefined ? month : Date.parse(from),
    to: Math.min(to === undefined ? now.getTime() : Date.parse(to), now.getTime()),
  }
  if (span.from <= span.to) return span
  const [pointer, message] =
    from === undefined
      ? ['to', 'must not be before this month, where the span begins if `from` is left out']
      : ['from', 'must not be after the end of the span, nor in the future']
  throw problem('invalid-request', `${pointer} ${message}.`, { errors: [{ pointer, message }] })
}

export default billing
