import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'

/** So long (ms) an answer that lasts may go on with a credential that has been revoked. */
const JUDGED_AGAIN_MS = 15_000

/** When an answer that lasts has to end: the caller has left, its credential opens this no more, or `stopping`. */
export function endOfAnswer(request: FastifyRequest, reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  // Who has left meanwhile is told of no more, and is not judged for ever.
  if (reply.raw.closed) return AbortSignal.abort()
  const ended = new AbortController()
  const timer = setInterval(async () => {
    try {
      await request.admitAgain?.()
    } catch (error) {
      // Whether it is revoked cannot be told now: that is no reason to cut off everybody.
      const isRevoked = error instanceof Problem && !error.retryable
      if (isRevoked) ended.abort()
    }
  }, JUDGED_AGAIN_MS).unref()
  reply.raw.once('close', () => {
    clearInterval(timer)
    ended.abort()
  })
  return AbortSignal.any([ended.signal, stopping])
}
