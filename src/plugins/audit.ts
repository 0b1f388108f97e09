import type { AuditTrail, Entry } from '../audit/trail.ts'
import { USER_ID_PATTERN } from '../manifests/names.ts'
import type { End } from './request-ends.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a write has made of a tenant's sizes, for the audit. */
    sizes?: Entry['sizes']
  }
}

const USER_ID = new RegExp(USER_ID_PATTERN)
/** They change nothing (RFC 9110, 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Records every request that may change something, refused ones too: who, what, which tenant, outcome. No values but sizes.
 * `aborted`: the caller had left before the answer. What it asked for was carried out all the same, as the status says.
 */
export function audit(trail: AuditTrail): (end: End) => void {
  return ({ request, reply, hasLeft }) => {
    if (SAFE.has(request.method)) return
    const { id } = (request.params ?? {}) as { id?: string }
    const { userId } = (request.body ?? {}) as { userId?: unknown }
    trail.record({
      credential: request.identity?.id ?? null,
      action: `${request.method} ${request.routeOptions.url ?? 'none'}`,
      // Only what can be an id: a confused client may have put a key there.
      tenant: [id, userId].find((one): one is string => typeof one === 'string' && USER_ID.test(one)) ?? null,
      ...(request.sizes && { sizes: request.sizes }),
      status: reply.statusCode,
      aborted: hasLeft,
      requestId: request.id,
    })
  }
}
