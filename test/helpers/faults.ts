/** Faults that are made on purpose, and the one cause that a diagnosis is expected to name. */
import { AdmissionregistrationV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import type { Test } from 'tap'
import type { CauseName } from '../../src/tenants/diagnosis/cause.ts'
import { openDatabase } from '../../tools/open-database.ts'
import { until } from './api.ts'
import { bashInPod } from './bash-in-pod.ts'
import type { TestCluster } from './cluster.ts'
import type { ResizedTenant } from './resized-tenant.ts'

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

/** What is to be done to a tenant that runs; it is undone at the end of `t`. */
type Make = (at: At, t: Test) => Promise<unknown>
type At = { cluster: TestCluster; tenant: ResizedTenant }

export type Fault = {
  what: string
  cause: CauseName
  options?: object
  make?: Make
}

export const FAULTS: readonly Fault[] = [
  {
    what: 'an image that does not exist',
    cause: 'image-pull',
    options: { image: { repository: 'localhost/no-such-image' } },
  },
  {
    what: 'an image that is not on the node and may not be pulled',
    cause: 'image-pull',
    options: { image: { tag: 'no-such-tag', pullPolicy: 'Never' } },
  },
  { what: 'a node that does not exist', cause: 'unschedulable', options: { nodeSelector: { nowhere: 'at-all' } } },
  { what: 'a neighbour that does not exist', cause: 'unschedulable', options: { affinity: besideNobody() } },
  {
    what: 'a class whose driver does not run',
    cause: 'claim-pending',
    options: { storage: { storageClass: 'no-driver' } },
  },
  { what: 'a volume that is removed', cause: 'volume-lost', make: withoutVolume },
  { what: 'a Secret that is deleted', cause: 'secret-missing', make: withoutSecret },
  { what: 'a Secret whose entry is gone', cause: 'secret-missing', make: withoutEntry },
  { what: 'more memory than there is', cause: 'out-of-memory', make: (at) => eatMemory(at, 200, 2 ** 20) },
  {
    what: 'a few records that are too large',
    cause: 'out-of-memory',
    make: (at) => eatMemory(at, 30, 2 ** 23),
  },
  { what: 'a quota of another hand', cause: 'quota-exceeded', make: withQuota },
  { what: 'a limit range of another hand', cause: 'quota-exceeded', make: withLimitRange },
  { what: 'a policy that denies the pod', cause: 'admission-denied', make: withPolicy },
  { what: 'a service account that does not exist', cause: 'pod-refused', options: { serviceAccountName: 'nobody' } },
  { what: 'a database that ends again and again', cause: 'crash-loop', make: crash },
  { what: 'a finalizer whose controller is gone', cause: 'namespace-stuck', make: withFinalizer },
]

function besideNobody(): object {
  const term = { labelSelector: { matchLabels: { nobody: 'at-all' } }, topologyKey: 'kubernetes.io/hostname' }
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
}

/** A storage class whose driver does not run, which one of them asks for. */
export async function addClassWithoutDriver({ admin: { storage } }: TestCluster, t: Test): Promise<void> {
  const name = 'no-driver'
  const body = {
    metadata: { name },
    provisioner: 'example.com/nobody',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  }
  await storage.createStorageClass({ body })
  t.teardown(() => storage.deleteStorageClass({ name }))
}

async function deletePod({ cluster, tenant: { namespace, pod } }: At): Promise<void> {
  await cluster.admin.core.deleteNamespacedPod({ name: (await pod()).metadata!.name!, namespace })
}

const secretOf = ({ fullname, namespace }: ResizedTenant) => ({ name: `${fullname}-secrets`, namespace })

async function withoutSecret({ cluster, tenant }: At): Promise<void> {
  await cluster.admin.core.deleteNamespacedSecret(secretOf(tenant))
}

async function withoutEntry({ cluster, tenant }: At): Promise<void> {
  await cluster.admin.core.patchNamespacedSecret({ ...secretOf(tenant), body: { data: { 'secret-key': null } } }, MERGE)
  await deletePod({ cluster, tenant })
}

/** An in-memory database that is given more than its memory. */
async function eatMemory({ cluster, tenant }: At, count: number, bytes: number): Promise<void> {
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
async function withoutVolume({ cluster, tenant: { claim } }: At): Promise<void> {
  const name = (await claim()).spec!.volumeName!
  await cluster.admin.core.deletePersistentVolume({ name })
  await cluster.admin.core.patchPersistentVolume({ name, body: { metadata: { finalizers: null } } }, MERGE)
}

async function crash({ cluster, tenant }: At): Promise<void> {
  for (let restarts = 0; restarts < 3; restarts++) {
    await bashInPod(cluster, await tenant.pod(), 'kill -9 1; kill -SEGV 1; sleep 1').catch(() => {})
    await until('it has ended', async () => (await tenant.runs())[0]!.restartCount > restarts, 60)
  }
}

async function withQuota({ cluster, tenant }: At): Promise<void> {
  const { namespace } = tenant
  const body = { metadata: { name: 'of-a-team' }, spec: { hard: { 'requests.memory': '1Mi' } } }
  await cluster.admin.core.createNamespacedResourceQuota({ namespace, body })
  await deletePod({ cluster, tenant })
}

async function withLimitRange({ cluster, tenant }: At): Promise<void> {
  const { namespace } = tenant
  const body = { metadata: { name: 'of-a-team' }, spec: { limits: [{ type: 'Container', max: { memory: '1Mi' } }] } }
  await cluster.admin.core.createNamespacedLimitRange({ namespace, body })
  await deletePod({ cluster, tenant })
}

async function withPolicy({ cluster, tenant }: At, t: Test): Promise<void> {
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

async function withFinalizer({ cluster, tenant: { namespace, remove } }: At, t: Test): Promise<void> {
  const name = 'held-up'
  const finalizers = ['example.com/nobody']
  await cluster.admin.core.createNamespacedConfigMap({ namespace, body: { metadata: { name, finalizers } } })
  t.teardown(() =>
    cluster.admin.core.patchNamespacedConfigMap({ name, namespace, body: { metadata: { finalizers: null } } }, MERGE),
  )
  await remove()
}
