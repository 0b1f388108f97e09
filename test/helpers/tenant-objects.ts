import { randomBytes } from 'node:crypto'
import type { KubernetesObject, V1Secret } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { covers } from '../../src/manifests/compare.ts'
import { renderDeployment } from '../../src/manifests/deployment.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { renderNamespace } from '../../src/manifests/namespace.ts'
import { renderSurroundings } from '../../src/manifests/render.ts'
import { keyOf, renderSecret } from '../../src/manifests/secret.ts'
import { isReady } from '../../src/tenants/observe/observed.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import { specOf } from '../../src/tenants/record/repository.ts'
import { type Spec, tenantOf } from '../../src/tenants/record/spec.ts'
import { until } from './api.ts'
import type { TestCluster } from './cluster.ts'

/** The account and role of the chart, as the service learns them. */
export const SERVICE_IDENTITY = {
  username: 'system:serviceaccount:fluxiondb-provisioner:fluxiondb-provisioner',
  tenantRole: 'fluxiondb-provisioner-tenant',
}

/** The record of a tenant as its namespace holds it. */
export async function recordOf({ admin }: TestCluster, userId: string): Promise<Spec> {
  return specOf(await admin.core.readNamespace({ name: namesFor(userId).namespace }))
}

/** The Secrets of a tenant's namespace, whatever they are called. */
export async function secretsOf({ admin }: TestCluster, userId: string) {
  return (await admin.core.listNamespacedSecret({ namespace: namesFor(userId).namespace })).items
}

/** The database's key in the only Secret of a tenant. */
export function keyIn([secret, ...others]: V1Secret[]): string {
  if (!secret || others.length > 0) throw new Error(`there are ${others.length + (secret ? 1 : 0)} Secrets`)
  return keyOf(secret)!
}

/** All that makes up a tenant, by kind: every object of these kinds in its namespace. */
export async function liveObjects({ admin: { core, apps, networking, rbac } }: TestCluster, userId: string) {
  const { namespace } = namesFor(userId)
  const where = { namespace }
  const lists = {
    Namespace: [await core.readNamespace({ name: namespace })],
    Secret: (await core.listNamespacedSecret(where)).items,
    PersistentVolumeClaim: (await core.listNamespacedPersistentVolumeClaim(where)).items,
    Service: (await core.listNamespacedService(where)).items,
    Deployment: (await apps.listNamespacedDeployment(where)).items,
    NetworkPolicy: (await networking.listNamespacedNetworkPolicy(where)).items,
    ResourceQuota: (await core.listNamespacedResourceQuota(where)).items,
    RoleBinding: (await rbac.listNamespacedRoleBinding(where)).items,
  }
  return lists satisfies Record<string, KubernetesObject[]>
}

/** What a tenant with this record consists of; the key as it is, for it is nowhere but in the Secret. */
export function renderedObjects(spec: Spec, key: string): Record<string, KubernetesObject> {
  const tenant = tenantOf(spec, { resizePods: true })
  const { claim, service, networkPolicy, quota, roleBinding } = renderSurroundings(tenant, SERVICE_IDENTITY)
  return {
    Namespace: renderNamespace(spec.userId, JSON.stringify(spec)),
    Secret: renderSecret(spec.userId, key, ownerAnnotation(spec.operation)),
    PersistentVolumeClaim: claim!,
    Service: service,
    Deployment: renderDeployment(tenant),
    ...(networkPolicy && { NetworkPolicy: networkPolicy }),
    ResourceQuota: quota,
    RoleBinding: roleBinding,
  }
}

/** What keeps a tenant from being exactly what its record says, each object once and the database running; empty: nothing. */
export async function whatIsIncomplete(cluster: TestCluster, userId: string): Promise<string[]> {
  const [live, spec] = [await liveObjects(cluster, userId), await recordOf(cluster, userId)]
  const { data: _, ...secret } = live.Secret[0] ?? {}
  const key = live.Secret[0] && keyOf(live.Secret[0])
  const wrong = Object.entries(renderedObjects(spec, key ?? '')).flatMap(([kind, rendered]) => {
    const found: KubernetesObject[] = live[kind as keyof typeof live]
    if (found.length !== 1) return [`${kind}: there are ${found.length}`]
    // Its annotation is the operation as it was then, not as it ended.
    if (kind === 'Secret') return covers(secret.metadata?.labels, rendered.metadata?.labels) ? [] : ['Secret: differs']
    const { apiVersion: _version, kind: _kind, ...content } = rendered // Which items of a list do not say.
    return covers(found[0], content) ? [] : [`${kind}: differs from what is rendered`]
  })
  if (!key) wrong.push('Secret: holds no key')
  if (!spec.committed) wrong.push('Namespace: not committed')
  return cluster.runsPods ? [...wrong, ...(await whyNotRunning(cluster, spec))] : wrong
}

async function whyNotRunning({ admin }: TestCluster, { userId, operation }: Spec): Promise<string[]> {
  const { items } = await admin.core.listNamespacedPod({ namespace: namesFor(userId).namespace })
  return [
    ...(operation.state === 'succeeded'
      ? []
      : [`the ${operation.type} is ${operation.state}: ${operation.failure?.message ?? ''}`]),
    ...(items.length === 1 && isReady(items[0]!) ? [] : [`no single ready pod: there are ${items.length} pods`]),
  ]
}

/** Waits until a tenant is complete. @throws with what is missing */
export async function untilComplete(cluster: TestCluster, userId: string, seconds = 60): Promise<void> {
  let missing: string[] = []
  const look = async () => {
    // One call instead of many, as long as it is too early for all else.
    const { state, type } = (await recordOf(cluster, userId)).operation
    missing = cluster.runsPods && state === 'running' ? [`the ${type} runs`] : await whatIsIncomplete(cluster, userId)
    return missing.length === 0
  }
  await until(() => `tenant ${userId} is complete: ${missing.join('; ')}`, look, seconds)
}

/** A user id that no other run has, whose tenant is removed at the end of `t`; nobody waits until it is gone. */
export function newUserId(t: Test, cluster: TestCluster, prefix: string): string {
  const userId = `${prefix}-${randomBytes(3).toString('hex')}`
  t.teardown(() => removeNamespace(cluster, namesFor(userId).namespace))
  return userId
}

/** Asks for a namespace to be deleted; one that is gone, or going, is fine. */
export async function removeNamespace({ admin }: TestCluster, name: string): Promise<void> {
  try {
    await admin.core.deleteNamespace({ name })
  } catch (error) {
    const { code } = error as { code?: number }
    if (code !== 404 && code !== 409) throw error
  }
}
