/** What the cluster lets the service's account do, with its real token, and what the admission policies alone would refuse. */
import { randomBytes } from 'node:crypto'
import {
  CoordinationV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  type V1RoleBinding,
} from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { ADOPTABLE, PREPARED, SCRATCH } from '../helpers/admission.ts'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { removeNamespace, SERVICE_IDENTITY } from '../helpers/tenant-objects.ts'
import { withholdRight } from '../helpers/withheld-right.ts'

const RELEASE = 'fluxiondb-provisioner'
const ACCOUNT = { kind: 'ServiceAccount', name: RELEASE, namespace: RELEASE }
const ENFORCE = 'pod-security.kubernetes.io/enforce'
const TENANT = 'fluxiondb.com/tenant'
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

const cluster = await testCluster()
const admin = cluster.admin
const config = new KubeConfig()
config.loadFromFile(cluster.serviceKubeconfig)
const service = {
  core: config.makeApiClient(CoreV1Api),
  networking: config.makeApiClient(NetworkingV1Api),
  rbac: config.makeApiClient(RbacAuthorizationV1Api),
  leases: config.makeApiClient(CoordinationV1Api),
}

const run = randomBytes(3).toString('hex')
const [ours, bare, prepared, waiting, adoptable, misled] = [
  'ours',
  'bare',
  'prepared',
  'waiting',
  'adoptable',
  'misled',
].map((what) => `${what}-${run}`) as [string, string, string, string, string, string]
const namespaceOf = (id: string) => `fluxiondb-${id}`
const restricted = { [ENFORCE]: 'restricted' }
const named = (id: string, labels: Record<string, string>) => ({ metadata: { name: namespaceOf(id), labels } })

for (const body of [
  named(bare, {}),
  named(prepared, { [PREPARED]: prepared }),
  named(waiting, { [PREPARED]: waiting }),
  named(adoptable, { [ADOPTABLE]: adoptable, [ENFORCE]: 'baseline' }),
  named(misled, { [TENANT]: 'another', [PREPARED]: 'another' }),
]) {
  await admin.core.createNamespace({ body })
}
for (const id of [ours, bare, prepared, waiting, adoptable, misled]) {
  t.teardown(() => removeNamespace(cluster, namespaceOf(id)))
}
await until('the policies are in force', async () => {
  const { status } = await tried(() => service.core.createNamespace({ body: named('probe', {}), dryRun: 'All' }))
  return status === 403
})
await service.core.createNamespace({ body: named(ours, { [TENANT]: ours, ...restricted }) })

const secret = (name = `attack-${run}`) => ({ metadata: { name }, data: { value: btoa('x') } })
const pod = {
  metadata: { name: `attack-${run}` },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'main',
        image: 'none',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
}
const binding = (role: string, subject: object = ACCOUNT): V1RoleBinding => ({
  metadata: { name: `attack-${run}` },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [subject as never],
})
const label = (id: string, labels: Record<string, string | null>) =>
  service.core.patchNamespace({ name: namespaceOf(id), body: { metadata: { labels } } }, MERGE)
const bind = (namespace: string, body: V1RoleBinding) =>
  service.rbac.createNamespacedRoleBinding({ namespace, body, dryRun: 'All' })

/** Writes that have to be refused. `dryRun` wherever it does not matter: what gets through leaves nothing. */
const WRITES: Record<string, () => Promise<unknown>> = {
  'a Secret in kube-system': () => write('kube-system'),
  'a Secret in default': () => write('default'),
  'a Secret in a namespace with our prefix but not our label': () => write(namespaceOf(bare)),
  'a Secret in a namespace that is labelled for another tenant': () => write(namespaceOf(misled)),
  "a Secret of another name in the service's own namespace": () => write(RELEASE),
  "a ConfigMap of another name in the service's own namespace": () =>
    service.core.createNamespacedConfigMap({ namespace: RELEASE, body: secret(), dryRun: 'All' }),
  'the deletion of another ConfigMap in its own namespace': () =>
    service.core.deleteNamespacedConfigMap({ namespace: RELEASE, name: 'kube-root-ca.crt', dryRun: 'All' }),
  'a ConfigMap in kube-system': () =>
    service.core.createNamespacedConfigMap({ namespace: 'kube-system', body: secret(), dryRun: 'All' }),
  'a change of the Service in default': () =>
    service.core.patchNamespacedService(
      { namespace: 'default', name: 'kubernetes', body: { metadata: { labels: { a: 'b' } } }, dryRun: 'All' },
      MERGE,
    ),
  'the deletion of a Secret in kube-system': () =>
    service.core.deleteNamespacedSecret({ namespace: 'kube-system', name: `victim-${run}`, dryRun: 'All' }),
  'a real pod in the scratch namespace': () => service.core.createNamespacedPod({ namespace: SCRATCH, body: pod }),
  'a Lease of another name': () =>
    service.leases.createNamespacedLease({
      namespace: RELEASE,
      body: { metadata: { name: 'another' } },
      dryRun: 'All',
    }),
  'a binding of itself to cluster-admin': () => bind(namespaceOf(ours), binding('cluster-admin')),
  'a binding of another account to the tenant role': () =>
    bind(namespaceOf(ours), binding(SERVICE_IDENTITY.tenantRole, { ...ACCOUNT, name: 'default' })),
  'a binding of everybody to the tenant role': () =>
    bind(
      namespaceOf(ours),
      binding(SERVICE_IDENTITY.tenantRole, {
        kind: 'Group',
        apiGroup: 'rbac.authorization.k8s.io',
        name: 'system:authenticated',
      }),
    ),
  'a binding to the tenant role in kube-system': () => bind('kube-system', binding(SERVICE_IDENTITY.tenantRole)),
  "a namespace that is not called like a tenant's": () => createNamespace('elsewhere', { [TENANT]: 'elsewhere' }),
  'a namespace with the label of another tenant': () => createNamespace(`fluxiondb-x${run}`, { [TENANT]: 'y' }),
  'a namespace without our label': () => createNamespace(`fluxiondb-x${run}`, {}),
  'a namespace that restricts no pods': () =>
    service.core.createNamespace({ body: named(`x${run}`, { [TENANT]: `x${run}` }), dryRun: 'All' }),
  'the removal of our label': () => label(ours, { [TENANT]: null }),
  'a change of our label': () => label(ours, { [TENANT]: 'y' }),
  'a weaker Pod Security': () => label(ours, { [ENFORCE]: 'baseline' }),
  'no Pod Security': () => label(ours, { [ENFORCE]: null }),
  'an old version of Pod Security': () => label(ours, { 'pod-security.kubernetes.io/enforce-version': 'v1.0' }),
  'a label on a namespace with our prefix but not our label': () => label(bare, { [TENANT]: bare }),
  'a label on a namespace that is prepared for another': () => label(misled, { [TENANT]: misled }),
  'a weaker Pod Security of one that is adopted': () =>
    label(adoptable, { [TENANT]: adoptable, [ENFORCE]: 'privileged' }),
  'a label on kube-system': () =>
    service.core.patchNamespace({ name: 'kube-system', body: { metadata: { labels: { a: 'b' } } } }, MERGE),
  'the deletion of kube-node-lease': () => remove('kube-node-lease'),
  'the deletion of a namespace with our prefix but not our label': () => remove(namespaceOf(bare)),
  'the deletion of a namespace that is prepared': () => remove(namespaceOf(waiting)),
}

/** Reads and connections, which admission does not see or roles refuse before it. */
const READS: Record<string, () => Promise<unknown>> = {
  'reading a Secret in kube-system': () => read('kube-system'),
  'reading a Secret in default': () => read('default'),
  "reading a Secret in a tenant's namespace before it is bound there": () => read(namespaceOf(ours)),
  'listing the Secrets of the cluster': () => service.core.listSecretForAllNamespaces(),
  'reading a Secret of another name in its own namespace': () => read(RELEASE),
  'reading the logs of a pod': () => service.core.readNamespacedPodLog({ namespace: 'default', name: 'pod' }),
  'entering a pod': () => enter(),
  'a token of its account': () =>
    service.core.createNamespacedServiceAccountToken({
      namespace: RELEASE,
      name: RELEASE,
      body: { spec: { audiences: [] } },
    }),
}

const write = (namespace: string) => service.core.createNamespacedSecret({ namespace, body: secret(), dryRun: 'All' })
const read = (namespace: string) => service.core.readNamespacedSecret({ namespace, name: `attack-${run}` })
const createNamespace = (name: string, labels: Record<string, string>) =>
  service.core.createNamespace({ body: { metadata: { name, labels: { ...restricted, ...labels } } }, dryRun: 'All' })
const remove = (name: string) => service.core.deleteNamespace({ name, dryRun: 'All' })
const enter = () =>
  service.core.connectPostNamespacedPodExec({ namespace: namespaceOf(ours), name: pod.metadata.name, command: 'true' })

/** How the API server answered, without anything that it may quote. */
async function tried(attempt: () => Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await attempt()
    return { status: 200, message: '' }
  } catch (error) {
    const { code, body } = error as { code?: number; body?: string }
    return { status: code ?? 0, message: body ? String(JSON.parse(body).message) : String(error) }
  }
}

await admin.core.createNamespacedSecret({ namespace: 'kube-system', body: secret(`victim-${run}`) })
t.teardown(() => admin.core.deleteNamespacedSecret({ namespace: 'kube-system', name: `victim-${run}` }))

for (const [what, attempt] of Object.entries({ ...WRITES, ...READS })) {
  t.test(`refuses the service ${what}`, async (t) => {
    const { status, message } = await tried(attempt)
    t.match([status, message], [403, /forbidden|cannot/])
  })
}

t.test('lets the service do its work', async (t) => {
  const namespace = namespaceOf(ours)
  const permitted: Record<string, () => Promise<unknown>> = {
    'a Secret': () => service.core.createNamespacedSecret({ namespace, body: secret() }),
    'a binding of itself to the tenant role': () =>
      service.rbac.createNamespacedRoleBinding({ namespace, body: binding(SERVICE_IDENTITY.tenantRole) }),
    'a trial of a pod in the scratch namespace': () =>
      service.core.createNamespacedPod({ namespace: SCRATCH, body: pod, dryRun: 'All' }),
    'a trial of a Service in the scratch namespace': () =>
      service.core.createNamespacedService({
        namespace: SCRATCH,
        body: { metadata: { name: 'trial' }, spec: { ports: [{ port: 80 }] } },
        dryRun: 'All',
      }),
    'its first credential': () =>
      service.core.createNamespacedSecret({
        namespace: RELEASE,
        body: secret(`${RELEASE}-first-credential`),
        dryRun: 'All',
      }),
    'another annotation of a tenant': () =>
      service.core.patchNamespace({ name: namespace, body: { metadata: { annotations: { a: 'b' } } } }, MERGE),
    'taking a namespace that is prepared for the tenant': () => label(prepared, { [TENANT]: prepared, ...restricted }),
    'writing in it': () => service.core.createNamespacedSecret({ namespace: namespaceOf(prepared), body: secret() }),
    'taking over a namespace whose Pod Security is weaker': () => label(adoptable, { [TENANT]: adoptable }),
    'deleting it then': () => remove(namespaceOf(adoptable)),
    'removing a tenant': () => remove(namespace),
  }
  for (const [what, attempt] of Object.entries(permitted))
    t.strictSame(await tried(attempt), { status: 200, message: '' }, what)
  await until('the binding is known', async () => (await tried(() => read(namespace))).status === 200)
  const { items } = await service.core.listNamespacedSecret({ namespace })
  t.ok(
    items.some(({ metadata }) => metadata?.name === `attack-${run}`),
    'and reads what is there',
  )
})

t.test('holds by the policies alone, whatever roles the account may be given', async (t) => {
  await everyRight(t)
  await admin.core.createNamespacedServiceAccount({ namespace: namespaceOf(ours), body: { metadata: { name: 'any' } } })
  for (const [what, attempt] of Object.entries({ ...WRITES, 'entering a pod': enterAny })) {
    const { status, message } = await tried(attempt)
    t.match([status, message], [403, /ValidatingAdmissionPolicy 'fluxiondb-provisioner-(objects|namespaces)'/], what)
  }
})

t.test('that are missing are told at the start, with what does not work without them, and nothing else', async (t) => {
  const told = async () => {
    const { log } = await serve(t, cluster)
    return until('it has looked', async () => {
      const lines = log.filter((line) => /rights/.test(line)).map((line) => JSON.parse(line))
      return lines.length > 0 && lines
    })
  }
  t.match(await told(), [{ msg: /all rights that it needs/ }])
  await withholdRight(t, cluster, 'pods/resize', 'patch')
  t.match(await told(), [{ missing: ['patch pods/resize'], msg: /a change of RAM restarts the database/ }])
})

/** A pod that is there, though it runs nothing: else its absence would be told first. */
async function enterAny(): Promise<unknown> {
  await admin.core.createNamespacedPod({ namespace: namespaceOf(ours), body: pod }).catch(() => {})
  return enter()
}

async function everyRight(t: Test): Promise<void> {
  const name = `every-right-${run}`
  const subjects = [ACCOUNT]
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }
  await admin.rbac.createClusterRoleBinding({ body: { metadata: { name }, roleRef, subjects } })
  t.teardown(() => admin.rbac.deleteClusterRoleBinding({ name }))
  await until(
    'it is in force',
    async () => (await tried(() => service.core.listSecretForAllNamespaces())).status === 200,
  )
}
