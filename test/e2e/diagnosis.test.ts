/** Faults made on purpose on a real cluster, and what the diagnosis says of each: the cause that is expected, and no other. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdmissionregistrationV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import type { CauseName } from '../../src/tenants/diagnosis/cause.ts'
import { openDatabase } from '../../tools/open-database.ts'
import { until } from '../helpers/api.ts'
import { bashInPod } from '../helpers/bash-in-pod.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { type ResizedTenant, serveResizes, tenantAt } from '../helpers/resized-tenant.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
/** Some causes are told from what passes by itself only after a minute. */
const SECONDS = 120

const cluster = await testCluster()
const { core } = cluster.admin
const policy = join(t.testdir(), 'policy.json')
writeFileSync(policy, JSON.stringify({ options: { write: ['*'] }, images: ['*'], storageClasses: ['*'] }))
const { api } = await serveResizes(t, cluster, { POLICY_FILE: policy })

type Fault = {
  what: string
  cause: CauseName
  options?: object
  make?: (t: Test, tenant: ResizedTenant) => Promise<unknown>
}

const FAULTS: readonly Fault[] = [
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
  { what: 'a Secret that is deleted', cause: 'secret-missing', make: withoutSecret },
  { what: 'a Secret whose entry is gone', cause: 'secret-missing', make: withoutEntry },
  { what: 'more memory than there is', cause: 'out-of-memory', make: eatMemory },
  { what: 'a quota of another hand', cause: 'quota-exceeded', make: withQuota },
  { what: 'a limit range of another hand', cause: 'quota-exceeded', make: withLimitRange },
  { what: 'a policy that denies the pod', cause: 'admission-denied', make: withPolicy },
  { what: 'a database that ends again and again', cause: 'crash-loop', make: crash },
  { what: 'a finalizer whose controller is gone', cause: 'namespace-stuck', make: withFinalizer },
]

t.test('faults made on purpose', { skip: withoutPods(cluster), timeout: 300_000 }, async (t) => {
  await withoutDriver(t)
  const healthy = [newTenant('well'), newTenant('well')]
  for (const tenant of healthy) await create(tenant)
  t.jobs = FAULTS.length
  for (const { what, cause, options, make } of FAULTS) {
    t.test(what, { timeout: 250_000 }, async (t) => {
      const tenant = newTenant('ill')
      await create(tenant, options)
      if (make) {
        await tenant.pod()
        await make(t, tenant)
      }
      const found = await until(`a finding about ${what}`, async () => findings(tenant, cause), SECONDS)
      t.strictSame(
        found.map((one) => one.cause),
        [cause],
        JSON.stringify(found),
      )
      t.ok(found[0]!.evidence.length > 0, found[0]!.evidence.join('; '))
      t.comment(`${what}: ${found[0]!.message} ${found[0]!.evidence[0]}`)
    })
  }
  t.test('nothing is said of those that are well, and their logs and events can be read', async (t) => {
    for (const tenant of healthy) {
      await tenant.pod()
      t.match((await api('GET', `/tenants/${tenant.userId}/diagnosis`)).body, { healthy: true, notSeen: [] })
      t.match((await api('GET', `/tenants/${tenant.userId}/logs`)).body, /listening/i)
      const { items } = (await api('GET', `/tenants/${tenant.userId}/events?limit=500`)).body
      t.ok(items.some(({ reason }: { reason: string }) => reason === 'Started'))
      t.match((await api('GET', `/tenants/${tenant.userId}/usage`)).body, {
        memory: { limit: 128 * 2 ** 20 },
        restarts: 0,
      })
    }
  })
})

function newTenant(prefix: string): ResizedTenant {
  return tenantAt(cluster, api, newUserId(t, cluster, prefix))
}

async function create({ userId, key }: ResizedTenant, options?: object): Promise<void> {
  const answer = await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: key, ...(options && { options }) })
  if (answer.status !== 202) throw new Error(`${userId}: ${answer.status} ${JSON.stringify(answer.body)}`)
}

type Finding = { cause: string; message: string; evidence: string[] }

/** What is found, once the cause that is waited for is among it. */
async function findings({ userId }: ResizedTenant, cause: CauseName): Promise<Finding[] | undefined> {
  const { body } = await api('GET', `/tenants/${userId}/diagnosis`)
  const found: Finding[] = body.findings
  return found.some((one) => one.cause === cause) ? found : undefined
}

function besideNobody(): object {
  const term = { labelSelector: { matchLabels: { nobody: 'at-all' } }, topologyKey: 'kubernetes.io/hostname' }
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
}

async function withoutDriver(t: Test): Promise<void> {
  const name = 'no-driver'
  const { storage } = cluster.admin
  const body = {
    metadata: { name },
    provisioner: 'example.com/nobody',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  }
  await storage.createStorageClass({ body })
  t.teardown(() => storage.deleteStorageClass({ name }))
}

async function deletePod({ namespace, pod }: ResizedTenant): Promise<void> {
  await core.deleteNamespacedPod({ name: (await pod()).metadata!.name!, namespace })
}

const secretOf = ({ fullname, namespace }: ResizedTenant) => ({ name: `${fullname}-secrets`, namespace })

async function withoutSecret(_: Test, tenant: ResizedTenant): Promise<void> {
  await core.deleteNamespacedSecret(secretOf(tenant))
}

async function withoutEntry(_: Test, tenant: ResizedTenant): Promise<void> {
  await core.patchNamespacedSecret({ ...secretOf(tenant), body: { data: { 'secret-key': null } } }, MERGE)
  await deletePod(tenant)
}

/** An in-memory database that is given more than its memory. */
async function eatMemory(_: Test, tenant: ResizedTenant): Promise<void> {
  const database = await openDatabase(cluster.kubeconfig, tenant.userId, tenant.key)
  const data = 'x'.repeat(2 ** 20)
  try {
    for (let ts = 0; ts < 200; ts++) await database.insert({ col: 'much', doc: `data-${ts}`, ts, data })
  } catch {
    // Its connection ends with it.
  } finally {
    await database.close()
  }
}

async function crash(_: Test, tenant: ResizedTenant): Promise<void> {
  for (let restarts = 0; restarts < 3; restarts++) {
    await bashInPod(cluster, await tenant.pod(), 'kill -9 1; kill -SEGV 1; sleep 1').catch(() => {})
    await until('it has ended', async () => (await tenant.runs())[0]!.restartCount > restarts, 60)
  }
}

async function withQuota(_: Test, tenant: ResizedTenant): Promise<void> {
  const { namespace } = tenant
  const body = { metadata: { name: 'of-a-team' }, spec: { hard: { 'requests.memory': '1Mi' } } }
  await core.createNamespacedResourceQuota({ namespace, body })
  await deletePod(tenant)
}

async function withLimitRange(_: Test, tenant: ResizedTenant): Promise<void> {
  const { namespace } = tenant
  const body = { metadata: { name: 'of-a-team' }, spec: { limits: [{ type: 'Container', max: { memory: '1Mi' } }] } }
  await core.createNamespacedLimitRange({ namespace, body })
  await deletePod(tenant)
}

async function withPolicy(t: Test, tenant: ResizedTenant): Promise<void> {
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
    const made = await core.createNamespacedPod({ namespace, body: probe, dryRun: 'All' }).catch(String)
    return typeof made === 'string' && made.includes(name)
  })
  await deletePod(tenant)
}

async function withFinalizer(t: Test, { namespace, userId }: ResizedTenant): Promise<void> {
  const name = 'held-up'
  const finalizers = ['example.com/nobody']
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name, finalizers } } })
  t.teardown(() => core.patchNamespacedConfigMap({ name, namespace, body: { metadata: { finalizers: null } } }, MERGE))
  await api('DELETE', `/tenants/${userId}?purge=true`)
}
