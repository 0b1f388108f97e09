import type { Test } from 'tap'
import { renderNamespace } from '../../src/manifests/namespace.ts'
import { removeAbandoned } from '../../src/tenants/remove-abandoned.ts'
import type { TestCluster } from './cluster.ts'
import { instance, newRecord } from './instance.ts'
import { newUserId } from './tenant-objects.ts'

/** What a create leaves that was cut off before it posted its Secret: a namespace with a record that is not committed. */
export async function leftover(t: Test, cluster: TestCluster, prefix: string) {
  const deps = instance(t, cluster)
  const record = newRecord(cluster, newUserId(t, cluster, prefix))
  const body = renderNamespace(record.userId, JSON.stringify(record))
  const namespace = await deps.apis.core.createNamespace({ body })
  return { record, namespace, remove: () => removeAbandoned(deps, namespace) }
}
