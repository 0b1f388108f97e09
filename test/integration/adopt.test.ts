/** What stands in the way of taking over from Helm: each is said, and nothing is changed. */
import t from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { startCuttingProxy } from '../helpers/cutting-proxy.ts'
import { type Original, originalOf } from '../helpers/original-chart.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const { core, apps } = cluster.admin
const { api } = await serve(t, cluster)
const original = originalOf(t, cluster, 'refused')
const { userId, namespace, release, fullname } = original
const path = `/tenants/${userId}/adopt`
await original.install()
await original.give()
await until('its rollout has ended', async () => {
  const { body } = await api('POST', `${path}?dryRun=true`)
  return body.plan?.feasible
})

const record = { name: `sh.helm.release.v1.${release}.v1`, namespace }
const merge = (labels: Record<string, string>) => [{ op: 'replace', path: '/metadata/labels', value: labels }]

/** What is arranged, what is told of it, and how it is put right again. */
const OBSTACLES: Record<string, { code: string; arrange: (original: Original) => Promise<() => Promise<unknown>> }> = {
  'a Helm command under way': {
    code: 'HelmAtWork',
    async arrange() {
      const { metadata } = await core.readNamespacedSecret(record)
      await core.patchNamespacedSecret({ ...record, body: merge({ ...metadata!.labels, status: 'pending-upgrade' }) })
      return () => core.patchNamespacedSecret({ ...record, body: merge(metadata!.labels!) })
    },
  },
  'a release whose record is not in a Secret': {
    code: 'NoHelmRecord',
    async arrange() {
      const { metadata, type, data } = await core.readNamespacedSecret(record)
      await core.deleteNamespacedSecret(record)
      const body = { metadata: { name: record.name, labels: metadata!.labels! }, type: type!, data: data! }
      return () => core.createNamespacedSecret({ namespace, body })
    },
  },
  'a Secret without the key': {
    code: 'SecretMissing',
    async arrange() {
      const secret = { name: `${fullname}-secrets`, namespace }
      const { metadata, data } = await core.readNamespacedSecret(secret)
      await core.deleteNamespacedSecret(secret)
      const { labels, annotations } = metadata!
      const body = { metadata: { name: secret.name, labels: labels!, annotations: annotations! }, data: data! }
      return () => core.createNamespacedSecret({ namespace, body })
    },
  },
  'another pod in the namespace': {
    code: 'OtherPods',
    async arrange() {
      const containers = [{ name: 'other', image: 'localhost/other' }]
      await core.createNamespacedPod({ namespace, body: { metadata: { name: 'other' }, spec: { containers } } })
      return () => core.deleteNamespacedPod({ name: 'other', namespace, gracePeriodSeconds: 0 })
    },
  },
  'another claim in the namespace': {
    code: 'OtherClaims',
    async arrange() {
      const { expanding: storageClassName } = cluster.storageClasses
      const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } }
      await core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata: { name: 'other' }, spec } })
      // Until then its version changes by itself.
      await until('the claim is bound', async () => {
        const { status } = await core.readNamespacedPersistentVolumeClaim({ name: 'other', namespace })
        return status?.phase === 'Bound'
      })
      return async () => {
        await core.deleteNamespacedPersistentVolumeClaim({ name: 'other', namespace })
        await until('the claim is gone', async () => {
          const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace })
          return items.length === 1
        })
      }
    },
  },
  'a Deployment that is paused': {
    code: 'Paused',
    async arrange() {
      const pause = (value: boolean) =>
        apps.patchNamespacedDeployment({
          name: fullname,
          namespace,
          body: [{ op: 'add', path: '/spec/paused', value }],
        })
      await pause(true)
      return () => pause(false)
    },
  },
}

for (const [what, { code, arrange }] of Object.entries(OBSTACLES)) {
  t.test(`refuses ${what}, says so, and changes nothing`, async (t) => {
    const restore = await arrange(original)
    const before = await original.versions()
    const { status, body } = await api('POST', path)
    t.equal(status, 409)
    t.match(body, { code: 'not-adoptable', errors: [{ pointer: code }] })
    t.strictSame(await original.versions(), before, 'nor is the right left that it gave itself to look at Secrets')
    t.equal((await api('GET', `/tenants/${userId}`)).status, 404, 'it is no tenant')
    await restore()
  })
}

t.test('takes over from nobody who has not allowed it, nor what is not there', async (t) => {
  const other = newUserId(t, cluster, 'not-given')
  const absent = await api('POST', `/tenants/${other}/adopt`)
  t.match([absent.status, absent.body.code], [404, 'tenant-not-found'])
  await core.createNamespace({ body: { metadata: { name: `fluxiondb-${other}` } } })
  const { status, body } = await api('POST', `/tenants/${other}/adopt`)
  t.equal(status, 409)
  t.match(body.detail, `kubectl label namespace fluxiondb-${other} fluxiondb.com/adoptable-as=${other}`)
  const misled = { 'fluxiondb.com/adoptable-as': 'somebody-else' }
  await core.patchNamespace({
    name: `fluxiondb-${other}`,
    body: [{ op: 'add', path: '/metadata/labels', value: misled }],
  })
  t.equal((await api('POST', `/tenants/${other}/adopt`)).status, 409, 'given to another id')
  const { body: list } = await api('GET', '/admin/adoptable')
  const ids = list.items.map((one: { userId: string }) => one.userId)
  t.ok(ids.includes(userId))
  t.notOk(ids.includes(other))
})

t.test('takes no namespace that is empty, nor a tenant of its own', async (t) => {
  const other = newUserId(t, cluster, 'empty')
  const labels = { 'fluxiondb.com/adoptable-as': other }
  await core.createNamespace({ body: { metadata: { name: `fluxiondb-${other}`, labels } } })
  const { status, body } = await api('POST', `/tenants/${other}/adopt`)
  t.match([status, body.errors], [409, [{ pointer: 'NoDeployment' }]])
  const own = newUserId(t, cluster, 'own')
  await api('POST', '/tenants', { userId: own, ramSize: '128Mi' })
  const refused = await api('POST', `/tenants/${own}/adopt`)
  t.match([refused.status, refused.body.code], [409, 'tenant-exists'])
})

t.test('takes it over once everything is right again, once for many who ask at the same time', async (t) => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => api('POST', path)))
  const refused = answers.filter(({ status }) => status !== 200 && status !== 202)
  t.same(refused, [], 'none is refused')
  const operations = new Set(answers.map(({ body }) => body.operation.id))
  t.equal(operations.size, 1, 'all are told of the same operation')
  const { status, body } = await api('GET', `/tenants/${userId}`)
  t.match([status, body.adoptedFrom], [200, release])
})

t.test('lets Helm begin nothing more with it, whoever runs Helm', async (t) => {
  const again = (name: string) => ({
    metadata: { name: `sh.helm.release.v1.${name}.v9`, labels: { owner: 'helm', name, status: 'pending-upgrade' } },
    type: 'helm.sh/release.v1',
  })
  const refused = { code: 403, body: /is not Helm's any more/ }
  await t.rejects(core.createNamespacedSecret({ namespace, body: again(release) }), refused)
  await core.createNamespacedSecret({ namespace, body: again('something-else') })
})

t.test('waits for a Helm command that had begun, then takes its record too', async (t) => {
  const other = originalOf(t, cluster, 'racing')
  await other.install()
  await other.give()
  await until('its rollout has ended', async () => {
    const { body } = await api('POST', `/tenants/${other.userId}/adopt?dryRun=true`)
    return body.plan?.feasible
  })
  // As Helm would, in the moment between the last look and the commit.
  const at = { name: `fluxiondb-${other.userId}` }
  const secret = { name: `sh.helm.release.v1.${other.release}.v1`, namespace: at.name }
  const { metadata } = await core.readNamespacedSecret(secret)
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, ({ method, path }) =>
    method === 'PATCH' && path === `/api/v1/namespaces/${at.name}` && !isHeld ? { until: begun } : undefined,
  )
  t.teardown(() => proxy.close())
  let isHeld = false
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>()
  const through = await serve(t, cluster, { KUBECONFIG: proxy.kubeconfig })
  const adopting = through.api('POST', `/tenants/${other.userId}/adopt`)
  await until('the commit is about to be written', async () =>
    proxy.writes.some(({ method, path }) => method === 'PATCH' && path === `/api/v1/namespaces/${at.name}`),
  )
  isHeld = true
  await core.patchNamespacedSecret({ ...secret, body: merge({ ...metadata!.labels, status: 'pending-upgrade' }) })
  onBegun()
  t.equal((await adopting).status, 202)
  const records = async () =>
    (await core.listNamespacedSecret({ namespace: at.name, labelSelector: 'owner=helm' })).items.length
  await new Promise((resolve) => setTimeout(resolve, 3000))
  t.equal(await records(), 1, 'nothing is taken from under its hands')
  await core.patchNamespacedSecret({ ...secret, body: merge({ ...metadata!.labels, status: 'deployed' }) })
  await until('its record is taken', async () => (await records()) === 0)
})
