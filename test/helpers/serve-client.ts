import type { Test } from 'tap'
import { createClient } from '../../clients/typescript/index.ts'
import type { TestCluster } from './cluster.ts'
import { serve } from './serve.ts'
import { validatedFetch } from './validated-fetch.ts'

/** Databases flush this often here, so that their pods end in 7 seconds instead of 20. */
export const FLUSH_SECONDS = 2

/** serve(), with a generated client that checks every answer against the OpenAPI document. */
export async function serveClient(t: Test, cluster: TestCluster, settings: Record<string, string> = {}) {
  const service = await serve(t, cluster, { FLUSH_INTERVAL_SECONDS: `${FLUSH_SECONDS}`, ...settings })
  return {
    ...service,
    client: createClient(service.address, service.key, { patienceSeconds: 0, fetch: validatedFetch }),
  }
}

export type ServiceWithClient = Awaited<ReturnType<typeof serveClient>>
