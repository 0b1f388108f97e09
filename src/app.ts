import { randomUUID } from 'node:crypto'
import type { ServerOptions } from 'node:https'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { AuditTrail } from './audit/trail.ts'
import type { Metrics } from './metrics/metrics.ts'
import { audit } from './plugins/audit.ts'
import auth, { type AuthOptions } from './plugins/auth.ts'
import bodies from './plugins/bodies.ts'
import { clientErrorHandler } from './plugins/client-errors.ts'
import load, { type LoadLimits } from './plugins/load.ts'
import { otherMethods } from './plugins/methods.ts'
import { count, countRefused } from './plugins/metrics.ts'
import openapi from './plugins/openapi.ts'
import problems, { sendProblem } from './plugins/problems.ts'
import { RequestEnds } from './plugins/request-ends.ts'
import { traceRequests } from './plugins/traces.ts'
import { schemaController } from './plugins/validation.ts'
import adoption from './routes/adoption.ts'
import billing from './routes/billing.ts'
import deletion from './routes/deletion.ts'
import drift from './routes/drift.ts'
import health from './routes/health.ts'
import insight from './routes/insight.ts'
import lifecycle from './routes/lifecycle.ts'
import logs from './routes/logs.ts'
import metricsRoute from './routes/metrics.ts'
import operations from './routes/operations.ts'
import options from './routes/options.ts'
import orphans from './routes/orphans.ts'
import plans from './routes/plans.ts'
import ram from './routes/ram.ts'
import streams from './routes/streams.ts'
import tenants from './routes/tenants.ts'
import type { TenantContext } from './tenants/commands/context.ts'
import { VERSION } from './version.ts'

/** No request that makes sense is larger (bytes). */
const BODY_LIMIT = 64 * 1024
/** One that takes longer to arrive (ms) is answered 408, so that slow senders do not hold sockets. */
const REQUEST_TIMEOUT = 30_000
/** Longer than a request may wait (60 s) and all its calls to the API server may take (ms). */
const HANDLER_TIMEOUT = 300_000
const MAX_PARAMETER_LENGTH = 4096
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/

export type AppDeps = {
  context: TenantContext
  auth: AuthOptions
  metrics: Metrics
  log: FastifyBaseLogger
  trail: AuditTrail
  isDraining: () => boolean
  limits: LoadLimits
  /** Undefined: it speaks HTTP. */
  https?: ServerOptions
  /** Addresses of proxies whose X-Forwarded-For is believed, with commas; empty: nobody is. */
  trustedProxies?: string
}

/** The whole HTTP side; it does not listen. The order below is the order in which a request meets it. */
export async function buildApp(deps: AppDeps) {
  const { context, metrics, log, trail, isDraining, limits, https, trustedProxies = '' } = deps
  const ends = new RequestEnds()
  ends.onEnd(audit(trail))
  ends.onEnd((end) => count(metrics, end))
  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    ends.follow(request, reply)
    reply.header('x-request-id', request.id)
    if (isDraining()) reply.header('connection', 'close')
  }
  const app = Fastify({
    // For all that follows it is a server like any other.
    ...(https ? ({ https } as object) : {}),
    trustProxy: trustedProxies === '' ? false : trustedProxies,
    loggerInstance: log,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    handlerTimeout: HANDLER_TIMEOUT,
    // Longer ids reach the schema that says what is wrong with them.
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    // Addresses that the router itself cannot read.
    frameworkErrors: (error, request, reply) => {
      begin(request as never, reply as never)
      sendProblem(error, request as never, reply as never)
    },
    clientErrorHandler: clientErrorHandler(ends, (status) => countRefused(metrics, status)),
    schemaController: schemaController!,
    // What still comes while it drains is answered, and the client told to close the connection.
    return503OnClosing: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
    // Writes are logged by the audit, all else is counted by the metrics.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.addHook('onRequest', async (request, reply) => begin(request, reply))
  traceRequests(app, ends)
  ends.addTo(app)
  const addOtherMethods = otherMethods(app)
  refuseUnknownQueries(app)
  await app.register(problems)
  await app.register(bodies)
  // Before the scopes are asked for: the routes of its page do not say theirs by themselves.
  await app.register(openapi, { version: VERSION })
  await app.register(auth, deps.auth)
  await app.register(load, { limits })
  await app.register(health, { context, isDraining })
  await app.register(metricsRoute, { metrics })
  await app.register(tenants, { context })
  await app.register(streams, { context })
  await app.register(options, { context })
  await app.register(plans, { context })
  await app.register(drift, { context })
  await app.register(orphans, { context })
  await app.register(ram, { context })
  await app.register(lifecycle, { context })
  await app.register(deletion, { context })
  await app.register(operations, { context })
  await app.register(insight, { context })
  await app.register(billing, { context })
  await app.register(logs, { context })
  await app.register(adoption, { context })
  addOtherMethods()
  return app
}

/** A misspelt parameter, or one that this route does not have, such as `dryRun`, must not pass as if it had been heard. */
function refuseUnknownQueries(app: FastifyInstance): void {
  app.addHook('onRoute', ({ config, schema }) => {
    if (schema && !schema.hide && config?.scope !== 'public') {
      schema.querystring ??= Type.Object({}, { additionalProperties: false })
    }
  })
}
