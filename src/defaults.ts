import type { Config } from './config.ts'
import type { TenantContext } from './tenants/commands/context.ts'

/** What the settings mean for tenants. */
export function tenantDefaults(config: Config): TenantContext['defaults'] {
  return {
    ramBounds: config.ramBounds,
    cpuRequestPercent: config.CPU_REQUEST_PERCENT,
    operationTimeoutSeconds: config.OPERATION_TIMEOUT_SECONDS,
    options: {
      storageClassName: config.STORAGE_CLASS === '' ? null : config.STORAGE_CLASS,
      image: config.IMAGE,
      imagePullPolicy: config.IMAGE_PULL_POLICY,
      flushIntervalSeconds: config.FLUSH_INTERVAL_SECONDS,
      dataFolder: '/data',
      livenessProbe: config.LIVENESS_PROBE,
      networkPolicy: config.NETWORK_POLICY === 'on',
    },
  }
}
