/** Faults that are made to a tenant that runs; each is undone at the end of `t` where the tenant's own end does not undo it. */
import { PatchStrategy, SchedulingV1Api, setHeaderOptions } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { openDatabase } from '../../tools/open-database.ts'
import { until } from './api.ts'
import { bashInPod } from './bash-in-pod.ts'
import type { TestCluster } from './cluster.ts'
import type { ResizedTenant } from './resized-tenant.ts'

export const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
export const SHORT_LIVED = 'short-lived'

export type At = { cluster: TestCluster; tenant: ResizedTenant }
export type Make = (at: At, t: Test) => Promise<unknown>

export async function withoutPriorityClass({ cluster, tenant }: At): Promise<void> {
  await cluster.admin.config.makeApiClient(SchedulingV1Api).deletePriorityClass({ name: SHORT_LIVED })
  await deletePod({ cluster, tenant })
}

export async function deletePod({ cluster, tenant: { namespace, pod } }: At): Promise<void> {
  await cluster.admin.core.deleteNamespacedPod({ name: (await pod()).metadata!.name!, namespace })
}

const secretOf = ({ fullname, namespace }: ResizedTenant) => ({ name: `${fullname}-secrets`, namespace })

export async function withoutSecret({ cluster, tenant }: At): Promise<void> {
  await cluster.admin.core.deleteNamespacedSecret(secretOf(tenant))
}

export async function withoutEntry({ cluster, tenant }: At): Promise<void> {
  await cluster.admin.core.patchNamespacedSecret({ ...secretOf(tenant), body: { data: { 'secret-key': null } } }, MERGE)
  await deletePod({ cluster, tenant })
}

/** An in-memory database that is given more than its memory. */
export async function eatMemory({ cluster, tenant }: At, count: number, bytes: number): Promise<void> {
  const database = await openDatabase(cluster.kubeconfig, tenant.userId, tenant.key)
  const data = 'x'.repeat(bytes)
  try {
    for (let ts = 0; ts < count; ts++) await database.insert({ col: 'much', doc: `data-${ts}`, ts, data })
  } catch {
    // Its connection ends with it.
  } finally {
    await database.close()
  }
}

export async function crash({ cluster, tenant }: At): Promise<void> {
  for (let restarts = 0; restarts < 3; restarts++) {
    await bashInPod(cluster, await tenant.pod(), 'kill -9 1; kill -SEGV 1; sleep 1').catch(() => {})
    await until('it has ended', async () => (await tenant.runs())[0]!.restartCount > restarts, 60)
  }
}

export async function withQuota({ cluster, tenant }: At): Promise<void> {
  const { namespace } = tenant
  const body = { metadata: { name: 'of-a-team' }, spec: { hard: { 'requests.memory': '1Mi' } } }
  await cluster.admin.core.createNamespacedResourceQuota({ namespace, body })
  await deletePod({ cluster, tenant })
}

export async function withLimitRange({ cluster, tenant }: At): Promise<void> {
  const { namespace } = tenant
  const body = { metadata: { name: 'of-a-team' }, spec: { limits: [{ type: 'Container', max: { memory: '1Mi' } }] } }
  await cluster.admin.core.createNamespacedLimitRange({ namespace, body })
  await deletePod({ cluster, tenant })
}

export async function withFinalizer({ cluster, tenant: { namespace, remove } }: At, t: Test): Promise<void> {
  const name = 'held-up'
  const finalizers = ['example.com/nobody']
  await cluster.admin.core.createNamespacedConfigMap({ namespace, body: { metadata: { name, finalizers } } })
  t.teardown(() =>
    cluster.admin.core.patchNamespacedConfigMap({ name, namespace, body: { metadata: { finalizers: null } } }, MERGE),
  )
  await remove()
}
