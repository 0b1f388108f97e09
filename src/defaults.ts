import type { Config } from './config.ts'
import { DEFAULT_OPTIONS, imageFrom, type Options } from './manifests/options.ts'
import type { TenantContext } from './tenants/commands/context.ts'

/** What the settings mean for tenants. */
export function tenantDefaults(config: Config): TenantContext['defaults'] {
  return {
    ramBounds: config.ramBounds,
    cpuRequestPercent: config.CPU_REQUEST_PERCENT,
    operationTimeoutSeconds: config.OPERATION_TIMEOUT_SECONDS,
    scratchNamespace: config.SCRATCH_NAMESPACE,
    reads: config.READS,
    options: defaultOptions(config),
  }
}

function defaultOptions(config: Config): Options {
  const { image, storage, networkPolicy, livenessProbe } = DEFAULT_OPTIONS
  return {
    ...DEFAULT_OPTIONS,
    image: { ...image, ...imageFrom(config.IMAGE), pullPolicy: config.IMAGE_PULL_POLICY },
    storage: { ...storage, storageClass: config.STORAGE_CLASS === '' ? null : config.STORAGE_CLASS },
    networkPolicy: { ...networkPolicy, enabled: config.NETWORK_POLICY === 'on' },
    livenessProbe: { ...livenessProbe, type: config.LIVENESS_PROBE },
    priorityClassName: config.PRIORITY_CLASS === '' ? null : config.PRIORITY_CLASS,
    flushInterval: config.FLUSH_INTERVAL_SECONDS,
  }
}
