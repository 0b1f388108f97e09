import { buildApp } from '../app.ts'
import { AuditTrail } from '../audit/trail.ts'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { EVENT_LOOP } from '../plugins/load.ts'
import type { TenantContext } from '../tenants/commands/context.ts'

/** The OpenAPI document of this version, with its keys in a fixed order. No request is answered, so nothing is connected. */
export async function openapiDocument(): Promise<unknown> {
  const log = createLogger('silent')
  const app = await buildApp({
    context: {} as TenantContext,
    auth: { credentials: { identify: () => undefined }, failuresPerMinute: 0, asksForCertificate: false },
    metrics: createMetrics(),
    log,
    trail: new AuditTrail({ write: () => {} }),
    isDraining: () => false,
    limits: { requestsPerMinute: 0, ...EVENT_LOOP },
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
