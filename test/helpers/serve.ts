import type { Test } from 'tap'
import { type Service, startService } from '../../tools/service.ts'
import { ACCOUNT } from '../../tools/service-account.ts'
import { type Api, apiOf } from './api.ts'
import type { TestCluster } from './cluster.ts'

export type TestService = Service & { api: Api }

/**
 * Runs the service under test until the end of `t`: a process of its own, with the rights of the chart's ServiceAccount, whose
 * tenants ask for so little CPU that many find room, and end soon: a database is given its flush interval and five seconds.
 * @param settings by the names of environment variables
 */
export async function serve(
  t: Test,
  cluster: TestCluster,
  settings: Record<string, string> = {},
  options: Parameters<typeof startService>[1] = {},
): Promise<TestService> {
  const defaults = {
    KUBECONFIG: cluster.serviceKubeconfig,
    IMAGE: cluster.image,
    STORAGE_CLASS: cluster.storageClasses.expanding,
    CPU_REQUEST_PERCENT: '10',
    FLUSH_INTERVAL_SECONDS: '1',
    USAGE_NAMESPACE: ACCOUNT,
  }
  const service = await startService({ ...defaults, ...settings }, options)
  t.teardown(() => service.stop())
  return { ...service, api: apiOf(service) }
}
