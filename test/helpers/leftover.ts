import type { Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { tenantDefaults } from '../../src/defaults.ts'
import { connect } from '../../src/kubernetes/connection.ts'
import { serviceIdentityOf } from '../../src/kubernetes/service-identity.ts'
import { createLogger } from '../../src/logger.ts'
import { renderNamespace } from '../../src/manifests/namespace.ts'
import { DEFAULT_POLICY } from '../../src/policy/policy.ts'
import { desire } from '../../src/tenants/options/desire.ts'
import { removeAbandoned } from '../../src/tenants/reconcile/remove-abandoned.ts'
import { TenantRepository } from '../../src/tenants/record/repository.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import type { TestCluster } from './cluster.ts'
import { aSpec, RUNNING } from './observed.ts'
import { newUserId, SERVICE_IDENTITY } from './tenant-objects.ts'

/**
 * What a create leaves that was cut off before it posted its Secret: a namespace with a record that is not committed. Made
 * and removed with the rights of the chart's ServiceAccount.
 */
export async function leftover(t: Test, cluster: TestCluster, prefix: string) {
  const { apis, close } = connect({
    kubeconfig: cluster.serviceKubeconfig,
    environment: {},
    deadlinesMs: { read: 8000, write: 8000 },
    onCall: () => {},
    log: createLogger('fatal'),
  })
  t.teardown(close)
  const deps = {
    apis,
    repository: new TenantRepository(apis),
    serviceIdentity: serviceIdentityOf(apis, SERVICE_IDENTITY.tenantRole),
  }
  const record = cutOffRecord(cluster, newUserId(t, cluster, prefix))
  const body = renderNamespace(record.userId, JSON.stringify(record))
  const namespace = await apis.core.createNamespace({ body })
  return { record, namespace, remove: () => removeAbandoned(deps, namespace, record) }
}

function cutOffRecord(cluster: TestCluster, userId: string): Spec {
  const defaults = tenantDefaults(readConfig({ IMAGE: cluster.image, STORAGE_CLASS: cluster.storageClasses.expanding }))
  const record = aSpec({
    userId,
    committed: false,
    desired: desire({ ...defaults, policy: DEFAULT_POLICY }, { ram: 2n ** 27n, sizePlan: undefined, asked: {} }),
  })
  return { ...record, previous: null, operation: { ...record.operation, ...RUNNING, type: 'create' } }
}
