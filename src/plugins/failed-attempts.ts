import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'

/** Counts who shows no valid credential, by address. */
export type FailedAttempts = {
  /** @throws problem `too-many-requests` to an address that has failed too often */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/**
 * Valid credentials are taken all the same: many callers may share one address, and none of them must lock the others out.
 * @param perMinute 0: no limit
 */
export async function failedAttempts(app: FastifyInstance, perMinute: number): Promise<FailedAttempts> {
  if (perMinute === 0) return { count: async () => {} }
  await app.register(rateLimit, { global: false })
  const limit = app.createRateLimit({ max: perMinute, timeWindow: '1 minute', keyGenerator: ({ ip }) => ip })
  return {
    async count(request, reply) {
      const counted = await limit(request)
      if (counted.isAllowed || !counted.isExceeded) return
      reply.header('retry-after', counted.ttlInSeconds)
      const detail = 'Too many requests came from this address without a valid credential.'
      throw problem('too-many-requests', detail, { retryable: true })
    },
  }
}
