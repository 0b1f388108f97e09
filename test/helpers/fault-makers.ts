/** Faults that are made to a tenant that runs; each is undone at the end of `t` where the tenant's own end does not undo it. */
import { AdmissionregistrationV1Api, PatchStrategy, SchedulingV1Api, setHeaderOptions } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { openDatabase } from '../../tools/open-database.ts'
import { until } from './api.ts'
import { bashInPod } from './bash-in-pod.ts'
import type { TestCluster } from './cluster.ts'
import type { ResizedTenant } from './resized-tenant.ts'

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
export const SHORT_LIVED = 'short-lived'

export type At = { cluster: TestCluster; tenant: ResizedTenant }
export type Make = (at: At, t: Test) => Promise<unknown>

export async function withoutPriorityClass({ cluster, tenant }: At): Promise<void> {
  await cluster.admin.config.makeApiClient(SchedulingV1Api).deletePriorityClass({ name: SHORT_LIVED })
  await deletePod({ cluster, tenant })
}

async function deletePod({ cluster, tenant: { namespace, pod } }: At): Promise<void> {
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

/** Its storage has lost it: the claim is told so. */
export async function withoutVolume({ cluster, tenant: { claim } }: At): Promise<void> {
  const name = (await claim()).spec!.volumeName!
  await cluster.admin.core.deletePersistentVolume({ name })
  await cluster.admin.core.patchPersistentVolume({ name, body: { metadata: { finalizers: null } } }, MERGE)
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

export async function withPolicy({ cluster, tenant }: At, t: Test): Promise<void> {
  const admission = cluster.admin.config.makeApiClient(AdmissionregistrationV1Api)
  const name = `denies-${tenant.namespace}`
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }]
  const expression = `request.namespace == "${tenant.namespace}" || object.metadata.name == "${name}"`
  const isHere = { name: 'this-namespace', expression }
  const spec = {
    matchConstraints: { resourceRules },
    matchConditions: [isHere],
    validations: [{ expression: 'false' }],
  }
  await admission.createValidatingAdmissionPolicy({ body: { metadata: { name }, spec } })
  t.teardown(() => admission.deleteValidatingAdmissionPolicy({ name }))
  const binding = { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } }
  await admission.createValidatingAdmissionPolicyBinding({ body: binding })
  t.teardown(() => admission.deleteValidatingAdmissionPolicyBinding({ name }))
  const namespace = 'default'
  const probe = { metadata: { name }, spec: { containers: [{ name: 'probe', image: 'probe' }] } }
  await until('the policy is in force', async () => {
    const made = await cluster.admin.core.createNamespacedPod({ namespace, body: probe, dryRun: 'All' }).catch(String)
    return typeof made === 'string' && made.includes(name)
  })
  await deletePod({ cluster, tenant })
}

export async function withDeadWebhook({ cluster, tenant }: At, t: Test): Promise<void> {
  const admission = cluster.admin.config.makeApiClient(AdmissionregistrationV1Api)
  const { namespace } = tenant
  const name = `dead-${namespace}.example.com`
  const webhook = {
    name,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    timeoutSeconds: 1,
    failurePolicy: 'Fail',
    // Nobody listens there.
    clientConfig: { url: 'https://127.0.0.1:1/' },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  }
  await admission.createValidatingWebhookConfiguration({ body: { metadata: { name }, webhooks: [webhook] } })
  t.teardown(() => admission.deleteValidatingWebhookConfiguration({ name }))
  // One that all other judges let in.
  const { metadata, spec } = await tenant.pod()
  const { nodeName: _, ...unplaced } = spec!
  const probe = { metadata: { name: 'probe', labels: metadata!.labels! }, spec: unplaced }
  await until('the webhook is in force', async () => {
    const made = await cluster.admin.core.createNamespacedPod({ namespace, body: probe, dryRun: 'All' }).catch(String)
    return typeof made === 'string' && made.includes('failed calling webhook')
  })
  await deletePod({ cluster, tenant })
}

export async function withHeldClaim({ cluster, tenant: { namespace, claim, remove } }: At, t: Test): Promise<void> {
  const { name, finalizers = [] } = (await claim()).metadata!
  const held = (finalizers: string[]) =>
    cluster.admin.core.patchNamespacedPersistentVolumeClaim(
      { name: name!, namespace, body: { metadata: { finalizers } } },
      MERGE,
    )
  await held([...finalizers, 'example.com/backup'])
  t.teardown(() => held([]))
  await remove()
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
