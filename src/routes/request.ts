import { type Static, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../errors.ts'
import type { ChangeOptions } from '../tenants/commands/change.ts'
import type { Caller } from '../tenants/commands/context.ts'
import { ConditionHeaders, conditionsOf } from './preconditions.ts'

/** The longest that a request may be held for its operation to end. */
const MAX_WAIT_SECONDS = 60
const WAIT = /(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])/

/** Headers of every write. */
export const WriteHeaders = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: '`wait=N`: answer when the operation has ended, after N seconds at most (60).' }),
  ),
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The same key and request again get the same answer, and do nothing twice.',
    }),
  ),
})

/** Headers of writes on a tenant that exists. */
export const ChangeHeaders = Type.Composite([WriteHeaders, ConditionHeaders])

/** The query of writes that may start a new pod. */
export const ForceQuery = Type.Object(
  {
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Make the change even if no node has room for the new pod now, as where an autoscaler makes room.',
      }),
    ),
  },
  { additionalProperties: false },
)

export function callerOf({ identity }: FastifyRequest): Caller {
  if (identity === null) throw problem('unauthenticated')
  return {
    id: identity.id,
    scopes: identity.scopes,
    ...(identity.maxRam === undefined ? {} : { maxRam: identity.maxRam }),
  }
}

type Headers = Parameters<typeof conditionsOf>[0] & { 'idempotency-key'?: string | undefined }

/**
 * @param request what, besides the headers, makes it this request and no other; without the API key of a database
 * @param force a request with it is another one than without
 */
export function optionsOf(headers: Headers, request: unknown, force = false): ChangeOptions {
  const key = headers['idempotency-key']
  return {
    force,
    ...(key === undefined ? {} : { idempotent: { key, request: force ? [request, 'force'] : request } }),
    ...conditionsOf(headers),
  }
}

/** Seconds that the caller would wait for the end of the operation; 0 if it would not. */
export function waitOf(headers: Static<typeof WriteHeaders>): number {
  return Math.min(Number(WAIT.exec(headers.prefer ?? '')?.[1] ?? 0), MAX_WAIT_SECONDS)
}

/** Aborts when the caller hangs up. */
export function hangUp(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  if (reply.raw.closed) controller.abort()
  else reply.raw.once('close', () => controller.abort())
  return controller.signal
}
