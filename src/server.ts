import type { Server as HttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { FastifyBaseLogger } from 'fastify'
import { buildApp } from './app.ts'
import { AuditTrail } from './audit/trail.ts'
import { Background } from './background.ts'
import { type Config, fromSetting } from './config.ts'
import { FirstCredential } from './credentials/first-credential.ts'
import { openCredentials } from './credentials/open.ts'
import { tenantDefaults } from './defaults.ts'
import { capabilitiesOf } from './kubernetes/capabilities.ts'
import { connect } from './kubernetes/connection.ts'
import { ClusterHealth } from './kubernetes/health.ts'
import { leaderOf } from './kubernetes/leader/leader.ts'
import { reportMissingRights } from './kubernetes/rights.ts'
import { serviceIdentityOf } from './kubernetes/service-identity.ts'
import { AdmissionRules } from './kubernetes/watch/admission-rules.ts'
import { WatchCache } from './kubernetes/watch/cache.ts'
import { observeCluster } from './metrics/gauges.ts'
import { createMetrics } from './metrics/metrics.ts'
import { EVENT_LOOP } from './plugins/load.ts'
import { PolicyStore } from './policy/store.ts'
import { UsageArchive } from './tenants/billing/archive.ts'
import type { TenantContext } from './tenants/commands/context.ts'
import { purgeTenant } from './tenants/commands/delete.ts'
import { Waiters } from './tenants/commands/waiters.ts'
import { Secrets } from './tenants/observe/secrets.ts'
import { TenantIndex } from './tenants/observe/tenant-index.ts'
import { Trials } from './tenants/options/trials.ts'
import { Reconciler } from './tenants/reconcile/reconciler.ts'
import { Resync } from './tenants/reconcile/resync.ts'
import { OperationLog } from './tenants/record/operation-log.ts'
import { TenantRepository, withParsedRecord } from './tenants/record/repository.ts'
import { Tls } from './tls.ts'
import { startTracing } from './tracing.ts'

const DAY_MS = 24 * 3600 * 1000
const LINGER_LOOK_MS = 50
/** Who asks for a purge when a tenant's retention is over. */
const RETENTION = { id: 'retention', scopes: new Set<string>() }

/**
 * Starts the service and stops it in order when the process is told to end. The only place that knows of signals and exits.
 * @param environment for what is found by it: the kubeconfig, and the settings of a credential plugin
 * @returns once it listens; it need not have reached the cluster by then
 */
export async function start(
  config: Config,
  log: FastifyBaseLogger,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ address: string }> {
  const trail = await fromSetting('AUDIT_FILE', () => AuditTrail.open(config.AUDIT_FILE, log))
  const tls = await fromSetting('TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE', () => Tls.open(config, log))
  const policy = await fromSetting('POLICY_FILE', () => PolicyStore.open(config.POLICY_FILE, log))
  const endTracing = await startTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT, log)
  const metrics = createMetrics()
  const connection = connect({
    kubeconfig: config.KUBECONFIG,
    environment,
    deadlinesMs: {
      read: config.KUBERNETES_TIMEOUT_SECONDS * 1000,
      write: config.KUBERNETES_WRITE_TIMEOUT_SECONDS * 1000,
    },
    onCall: metrics.onCall,
    onWritten: (answer) => cache.written(answer),
    log,
  })
  const { apis } = connection
  const { store: credentials, authenticators } = await openCredentials(config, apis, log)
  const cache = new WatchCache(connection.raw, log, { namespaces: withParsedRecord })
  const tenants = new TenantIndex(cache, (userId, at) =>
    log.error({ userId, at }, 'the record of a tenant cannot be read'),
  )
  const rules = new AdmissionRules(connection.raw, log)
  const health = new ClusterHealth(apis, log)
  const repository = new TenantRepository(apis)
  const operations = new OperationLog(apis, log)
  const archive = new UsageArchive(apis, config.USAGE_NAMESPACE)
  const serviceIdentity = serviceIdentityOf(apis, config.TENANT_ROLE)
  const capabilities = capabilitiesOf(apis)
  const stepTimeoutsMs = { volume: config.VOLUME_TIMEOUT_SECONDS * 1000, pod: config.RESIZE_TIMEOUT_SECONDS * 1000 }
  const { onFinished, onRepair } = metrics
  const leader = leaderOf(apis, config.LEASE, log)
  const known = {
    apis,
    raw: connection.raw,
    cache,
    tenants,
    repository,
    operations,
    archive,
    serviceIdentity,
    capabilities,
  }
  const reconciler = new Reconciler({ ...known, leader, stepTimeoutsMs, onFinished, onRepair }, log)
  const defaults = tenantDefaults(config)
  const stopping = new AbortController()
  const context: TenantContext = {
    ...known,
    secrets: new Secrets(apis),
    trials: new Trials(apis, rules),
    health,
    reconciler,
    defaults,
    policy,
    log,
    stopping: stopping.signal,
    background: new Background(),
    waiters: new Waiters(),
  }
  const purge = (userId: string) => purgeTenant(context, userId, RETENTION, {})
  const retentionMs = config.RETENTION_DAYS === 0 ? undefined : config.RETENTION_DAYS * DAY_MS
  const forgetUsage = () => archive.forgetBefore(Date.now() - config.USAGE_DAYS * DAY_MS)
  const resync = new Resync({ ...known, leader, reconciler, purge, retentionMs, forgetUsage }, log)
  const first = new FirstCredential(config.FIRST_CREDENTIAL, { apis, serviceIdentity, credentials, log })
  observeCluster(metrics, { cache, tenants, health, leader, queue: reconciler.queue })

  const app = await buildApp({
    context,
    auth: {
      credentials: authenticators,
      failuresPerMinute: config.FAILURES_PER_MINUTE,
      asksForCertificate: tls?.asksForCertificate ?? false,
    },
    metrics,
    log,
    trail,
    isDraining: () => stopping.signal.aborted,
    limits: { requestsPerMinute: config.REQUESTS_PER_MINUTE, ...EVENT_LOOP },
    ...(tls ? { https: tls.options } : {}),
    trustedProxies: config.TRUSTED_PROXIES,
  })
  closeWithGrace({ delay: config.DRAIN_SECONDS * 1000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ name: err.name, stack: err.stack }, 'the service ends after an error that nobody caught')
    else log.info({ signal }, 'the service stops')
    stopping.abort()
    await untilLeft(app.server, config.LINGER_SECONDS)
    await app.close()
    resync.stop()
    credentials.close()
    tls?.close()
    policy.close()
    first.stop()
    await context.background.end()
    await reconciler.stop()
    await operations.flush()
    await leader.stop()
    health.stop()
    cache.stop()
    rules.stop()
    await connection.close()
    await endTracing()
  })

  health.start()
  cache.start()
  rules.start()
  resync.start()
  leader.start()
  credentials.watch()
  tls?.watch(app.server as unknown as HttpsServer)
  policy.watch()
  if (config.FIRST_CREDENTIAL !== '') first.start()
  const use = { tenantRole: config.TENANT_ROLE, takesTokens: config.TOKEN_REVIEW_AUDIENCE !== '' }
  context.background.run(() => reportMissingRights(apis, use, log, stopping.signal))
  await app.listen({ host: config.HOST, port: config.PORT })
  const address = addressOf(tls ? 'https' : 'http', app.server.address() as AddressInfo)
  log.info({ address }, 'the service listens')
  return { address }
}

/**
 * Waits until the clients have closed their connections, as each answer now tells them to. One that is closed by us, between two
 * requests, may have the next one on its way.
 */
async function untilLeft(server: Server, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const open = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count ?? 0)))
    if (open === 0) return
    await sleep(LINGER_LOOK_MS)
  }
}

function addressOf(scheme: string, { address, family, port }: AddressInfo): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
