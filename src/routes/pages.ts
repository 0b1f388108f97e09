import { Type } from '@sinclair/typebox'
import { problem } from '../errors.ts'
import { USER_ID_MAX_LENGTH, USER_ID_PATTERN } from '../manifests/names.ts'
import type { TenantContext } from '../tenants/commands/context.ts'

const USER_ID = new RegExp(USER_ID_PATTERN)
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 500

/** The query of everything that is listed in pages by user id. */
export const PageQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, default: DEFAULT_LIMIT, description: 'More than 500 counts as 500.' }),
  ),
  cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before; empty: the first page.' })),
})

/** @throws problem `invalid-request` if the cursor is none of ours */
export function pageOf(limit = DEFAULT_LIMIT, cursor?: string): { limit: number; after: string | undefined } {
  return { limit: Math.min(limit, MAX_LIMIT), after: cursor ? userIdOfCursor(cursor) : undefined }
}

/** @throws problem `not-ready`, `cluster-unavailable`: a list would leave out what is there, or be old */
export function refuseStale({ cache, health }: Pick<TenantContext, 'cache' | 'health'>): void {
  if (!cache.synced) throw problem('not-ready', 'The tenants are still being read from the cluster.')
  if (health.reachable) return
  throw problem('cluster-unavailable', 'The cluster does not answer this service; the list would be old.')
}

/** The cursor of the page after this user id. Callers pass it on and do not read it. */
export function cursorOf(userId: string): string {
  return Buffer.from(userId).toString('base64url')
}

/** @throws problem `invalid-request` if it is no cursor of ours */
export function userIdOfCursor(cursor: string): string {
  const userId = Buffer.from(cursor, 'base64url').toString()
  if (userId.length > USER_ID_MAX_LENGTH || !USER_ID.test(userId)) {
    const message = 'is not a cursor that this service has given'
    throw problem('invalid-request', `cursor ${message}.`, { errors: [{ pointer: 'cursor', message }] })
  }
  return userId
}
