import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { AuditTrail } from '../../src/audit/trail.ts'
import { Background } from '../../src/background.ts'
import { readConfig } from '../../src/config.ts'
import { Authenticators } from '../../src/credentials/authenticators.ts'
import { type Entry, newCredential } from '../../src/credentials/credential.ts'
import { CredentialStore } from '../../src/credentials/store.ts'
import { tenantDefaults } from '../../src/defaults.ts'
import { createLogger } from '../../src/logger.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import type { AuthOptions } from '../../src/plugins/auth.ts'
import { EVENT_LOOP, type LoadLimits } from '../../src/plugins/load.ts'
import { parsePolicy } from '../../src/policy/policy.ts'
import { UsageArchive } from '../../src/tenants/billing/archive.ts'
import type { TenantContext } from '../../src/tenants/commands/context.ts'
import { Waiters } from '../../src/tenants/commands/waiters.ts'
import { Secrets } from '../../src/tenants/observe/secrets.ts'
import { Trials } from '../../src/tenants/options/trials.ts'
import { OperationLog } from '../../src/tenants/record/operation-log.ts'
import { TenantRepository } from '../../src/tenants/record/repository.ts'
import { CAPABILITIES, SERVICE_IDENTITY } from '../fixtures/tenants.ts'
import { FakeCluster } from '../helpers/fake-cluster.ts'
import { checkAnswer } from '../helpers/validated-fetch.ts'

type Method = NonNullable<InjectOptions['method']>
type Request = { key?: string | null; body?: unknown; headers?: Record<string, string> }

/** A problem document or a tenant, as the test expects; the OpenAPI document has been checked already. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
export type Answer = { status: number; headers: Record<string, unknown>; body: any; text: string }

/**
 * The whole HTTP side over a fake cluster, which is empty again before each test. Nothing is reconciled: `started` holds the ids
 * of the tenants that should.
 * @param entries the credentials that it knows, besides `admin`, by name
 */
export async function testApp<Name extends string = never>(
  t: Test,
  entries: Record<Name, Omit<Entry, 'id' | 'sha256' | 'name'>> = {} as never,
  limits: Partial<LoadLimits> = {},
  auth: Partial<AuthOptions> = {},
) {
  const lines: string[] = []
  const started: string[] = []
  const cluster = new FakeCluster()
  const log = createLogger('info', { write: (line) => lines.push(line) })
  const { keys, credentials } = await credentialsFor(t, log, { admin: { scopes: ['admin'] }, ...entries })
  const stopping = new AbortController()
  const context = contextOn(cluster, log, started, stopping.signal)
  const metrics = createMetrics()
  const app = await buildApp({
    context,
    auth: {
      credentials: new Authenticators([credentials]),
      failuresPerMinute: 0,
      asksForCertificate: false,
      ...auth,
    },
    metrics,
    log,
    trail: new AuditTrail({ write: (line) => lines.push(line) }),
    isDraining: () => false,
    limits: { requestsPerMinute: 0, ...EVENT_LOOP, ...limits },
  })
  t.teardown(() => {
    stopping.abort()
    return app.close()
  })
  t.beforeEach(() => {
    cluster.clear()
    started.length = 0
    lines.length = 0
  })
  const send = async (method: Method, url: string, { key = keys.admin, body, headers = {} }: Request = {}) => {
    const isText = typeof body === 'string' || Buffer.isBuffer(body)
    const answer = await app.inject({
      method,
      url,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: isText ? body : JSON.stringify(body) }),
    })
    const { statusCode: status, payload: text } = answer
    await check(method, url, answer)
    const isJson = text !== '' && String(answer.headers['content-type']).includes('json')
    return { status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined } as Answer
  }
  return { app, cluster, context, keys, lines, metrics, send, started }
}

async function credentialsFor<Name extends string>(
  t: Test,
  log: FastifyBaseLogger,
  entries: Record<Name, Omit<Entry, 'id' | 'sha256' | 'name'>>,
) {
  const made = (Object.keys(entries) as Name[]).map(
    (name) => [name, newCredential({ name, ...entries[name] })] as const,
  )
  const file = join(t.testdir(), 'keys.json')
  writeFileSync(file, JSON.stringify({ keys: made.map(([, { entry }]) => entry) }))
  const keys = Object.fromEntries(made.map(([name, { key }]) => [name, key])) as Record<Name, string>
  return { keys, credentials: await CredentialStore.open(file, log) }
}

/** Options are open to whoever may write, and there is a plan of each kind. */
const POLICY = {
  options: { write: ['*'] },
  images: ['volandoo/fluxiondb:*'],
  ingressHosts: ['{id}.db.example.com'],
  annotations: ['prometheus.io/*'],
  plans: [
    { name: 'basic', description: 'The small one', ramSize: '1Gi', options: { storage: { size: '20Gi' } } },
    { name: 'premium', ramSize: '8Gi' },
  ],
}

function contextOn(
  cluster: FakeCluster,
  log: FastifyBaseLogger,
  started: string[],
  stopping: AbortSignal,
): TenantContext {
  const { apis, cache, tenants } = cluster
  const context: Omit<TenantContext, 'health' | 'reconciler'> = {
    apis,
    raw: cluster.raw,
    cache,
    tenants,
    repository: new TenantRepository(apis),
    operations: new OperationLog(apis, log),
    archive: new UsageArchive(apis, 'fluxiondb-provisioner'),
    serviceIdentity: async () => SERVICE_IDENTITY,
    capabilities: async () => CAPABILITIES,
    defaults: tenantDefaults(readConfig({})),
    policy: { current: parsePolicy(JSON.stringify(POLICY)) },
    log,
    stopping,
    background: new Background(),
    secrets: new Secrets(apis),
    // As in a cluster with webhooks, in which each create is tried out.
    trials: new Trials(apis, { concern: () => true }),
    waiters: new Waiters(),
  }
  const report = { reachable: true, version: 'v1.35.4', lastContactSeconds: 1, reason: null }
  const reconciler = { enqueue: (userId: string) => started.push(userId) }
  return { ...context, health: { reachable: true, report }, reconciler } as unknown as TenantContext
}

/** A 500 is in no route's document; what it may say is a matter of its own test. */
async function check(
  method: string,
  url: string,
  { statusCode, payload, headers }: LightMyRequestResponse,
): Promise<void> {
  if (statusCode === 500) return
  const isEmpty = statusCode === 204 || statusCode === 304 || method === 'HEAD'
  const told = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
  if (method !== 'HEAD') {
    await checkAnswer(
      method,
      url.split('?')[0]!,
      new Response(isEmpty ? null : payload, { status: statusCode, headers: told }),
    )
  }
}
