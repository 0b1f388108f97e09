import { USER_ID_PATTERN } from '../manifests/names.ts'
import type { End } from './request-ends.ts'

const USER_ID = new RegExp(USER_ID_PATTERN)
/** They change nothing (RFC 9110, 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Writes one line for every request that may change something, refused ones too: who, what, which tenant, outcome. No values.
 * `aborted`: the caller had left before the answer. What it asked for was carried out all the same, as the status says.
 */
export function audit({ request, reply, hasLeft }: End): void {
  if (SAFE.has(request.method)) return
  const { id } = (request.params ?? {}) as { id?: string }
  const { userId } = (request.body ?? {}) as { userId?: unknown }
  request.log.info(
    {
      audit: {
        credential: request.identity?.id ?? null,
        action: `${request.method} ${request.routeOptions.url ?? 'none'}`,
        // Only what can be an id: a confused client may have put a key there.
        tenant: [id, userId].find((one) => typeof one === 'string' && USER_ID.test(one)) ?? null,
        status: reply.statusCode,
        aborted: hasLeft,
        requestId: request.id,
      },
    },
    'audit',
  )
}
