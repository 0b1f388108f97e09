import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'
import { problem } from '../errors.ts'

/** How much this process takes on. */
export type LoadLimits = {
  /** Requests of one credential in a minute; 0: no limit. */
  requestsPerMinute: number
  /** Mean delay of the event loop from which on requests are turned away, in ms, and how often it is measured. */
  eventLoopDelayMs: number
  sampleMs: number
  /** For so long after the start (ms) it is not judged: the process compiles its schemas, and reads the cluster. */
  graceMs: number
}

/** A load that lasts, not one long parse or collection of garbage. */
export const EVENT_LOOP = { eventLoopDelayMs: 1000, sampleMs: 5000, graceMs: 30_000 }

/**
 * Turns requests away before they are read: 503 while the process is overloaded, 429 to a credential that asks too often. Both say
 * when to come again. Public routes are spared: a busy process must not be restarted, or taken for gone, for being busy.
 */
export default plugin(async (app: FastifyInstance, { limits }: { limits: LoadLimits }) => {
  app.addHook('onRoute', ({ config }) => {
    if (config?.scope === 'public') Object.assign(config, { pressureHandler: () => {} })
  })
  const startedAt = performance.now()
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMs,
    sampleInterval: limits.sampleMs,
    pressureHandler: async () => {
      if (performance.now() - startedAt < limits.graceMs) return
      throw problem('overloaded')
    },
  })
  if (limits.requestsPerMinute === 0) return
  await app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: '1 minute',
    // After the credential is known, before the body is read.
    hook: 'preParsing',
    keyGenerator: ({ identity }) => identity?.id ?? '',
    allowList: ({ identity }) => identity === null,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { max }) =>
      problem('too-many-requests', `This credential may make ${max} requests in a minute.`, { retryable: true }),
  })
})
