import type { FastifyReply } from 'fastify'
import { problem } from '../errors.ts'
import type { TenantContext } from '../tenants/commands/context.ts'
import type { Operation } from '../tenants/record/operation.ts'
import type { Recorded } from '../tenants/record/repository.ts'
import type { Spec } from '../tenants/record/spec.ts'
import { viewRecorded } from '../tenants/view/read.ts'
import { type Awaited, awaitOperation } from '../tenants/view/wait.ts'
import { tenantFrom } from './location.ts'
import { hangUp } from './request.ts'

/** After how long a caller should look again at what is still under way. */
const RETRY_AFTER_SECONDS = 1

export type Answered = {
  /** What the write has left; the answer is made of it. */
  written: Recorded & { operation: Operation; before?: Spec['desired'] | undefined }
  /** Seconds that the caller would wait for the end. */
  wait: number
  /** Status once the operation has succeeded. */
  done: 200 | 201
  /** What else the answer says: a generated key, notes. */
  extra?: { apiKey?: string; notes?: string[] }
}

/** Answers a write with the tenant and its operation: ended, if that is so or the caller waits for it, else under way (202). */
export async function answerWrite(context: TenantContext, reply: FastifyReply, answered: Answered) {
  const { written, wait, done, extra } = answered
  const { operation } = written
  reply.request.sizes = sizesOf(written)
  const until = AbortSignal.any([hangUp(reply), context.stopping])
  const awaited =
    wait > 0 ? await context.waiters.admit(() => awaitOperation(context, written, operation, wait, until)) : undefined
  if (awaited) reply.header('preference-applied', `wait=${wait}`)
  const { ended, recorded } = awaited ?? asWritten(written)
  if (ended === 'gone') {
    if (operation.type === 'purge') return reply.code(204).send()
    throw problem('tenant-deleting', 'The tenant was removed while this request waited.')
  }
  const { tenant, etag } = await viewRecorded(context, recorded, operation)
  if (extra?.apiKey !== undefined) reply.header('cache-control', 'no-store')
  if (ended === undefined) reply.header('retry-after', RETRY_AFTER_SECONDS)
  reply.header('location', tenantFrom(reply.request.routeOptions.url!, tenant.userId)).header('etag', etag)
  return reply.code(ended === 'succeeded' ? done : 202).send({ ...tenant, ...extra })
}

/** For the audit: a purged tenant has none after. */
function sizesOf({ spec, before }: Answered['written']) {
  const of = ({ ramSize, storageSize }: Spec['desired']) => ({ ramSize, storageSize })
  return { before: before ? of(before) : null, after: spec.purgeRequestedAt === null ? of(spec.desired) : null }
}

function asWritten(written: Answered['written']): Awaited {
  const { state } = written.operation
  return { ended: state === 'succeeded' ? 'succeeded' : undefined, recorded: written }
}
