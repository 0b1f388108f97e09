import type { FastifyReply } from 'fastify'
import type { TenantContext } from '../tenants/commands/context.ts'
import { viewTenant } from '../tenants/commands/read.ts'
import { awaitOperation } from '../tenants/commands/wait.ts'
import type { Operation } from '../tenants/record/operation.ts'
import { hangUp } from './request.ts'

/** After how long a caller should look again at what is still under way. */
const RETRY_AFTER_SECONDS = 1

export type Answered = {
  userId: string
  operation: Operation
  /** Seconds that the caller would wait for the end. */
  wait: number
  /** Status once the operation has succeeded. */
  done: 200 | 201
  /** What else the answer says: a generated key, notes. */
  extra?: { apiKey?: string; notes?: string[] }
}

/** Answers a write with the tenant and its operation: ended, if that is so or the caller waits for it, else under way (202). */
export async function answerWrite(context: TenantContext, reply: FastifyReply, answered: Answered) {
  const { userId, operation, wait, done, extra } = answered
  const until = AbortSignal.any([hangUp(reply), context.stopping])
  const ended = wait > 0 ? await awaitOperation(context, userId, operation, wait, until) : endOf(operation)
  if (wait > 0) reply.header('preference-applied', `wait=${wait}`)
  if (ended === 'gone') return reply.code(204).send()
  const { tenant, etag } = await viewTenant(context, userId, operation)
  if (extra?.apiKey !== undefined) reply.header('cache-control', 'no-store')
  if (ended === undefined) reply.header('retry-after', RETRY_AFTER_SECONDS)
  reply.header('location', `/tenants/${userId}`).header('etag', etag)
  return reply.code(ended === 'succeeded' ? done : 202).send({ ...tenant, ...extra })
}

function endOf({ state }: Operation): 'succeeded' | undefined {
  return state === 'succeeded' ? 'succeeded' : undefined
}
