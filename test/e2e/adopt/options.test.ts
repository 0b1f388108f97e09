/** Releases with options, a stopped one, and one of the instance chart are taken over with all that they have. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { testCluster, withoutPods, withoutResize } from '../../helpers/cluster.ts'
import { originalOf } from '../../helpers/original-chart.ts'
import { serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'

const INSTANCE_CHART = new URL('../../../charts/fluxiondb', import.meta.url).pathname
const WAIT = { prefer: 'wait=60' }
const POLICY = {
  'networkPolicy.enabled': 'true',
  'networkPolicy.ingress[0].from[0].namespaceSelector.matchLabels.name': 'ingress-nginx',
  'networkPolicy.ingress[0].ports[0].port': '8080',
}
const INGRESS = {
  'ingress.enabled': 'true',
  'ingress.annotations.example\\.com/a': 'b',
  'ingress.hosts[0].host': 'db.example.com',
  'ingress.hosts[0].paths[0].path': '/',
  'ingress.hosts[0].paths[0].pathType': 'Prefix',
  'ingress.tls[0].secretName': 'tls',
  'ingress.tls[0].hosts[0]': 'db.example.com',
}

const cluster = await testCluster()
const { core, apps, networking } = cluster.admin
const skip = withoutPods(cluster)
const buffered = true

t.jobs = 3

t.test(
  'a release with a Secret, a claim, a network policy and an Ingress of its own',
  { skip, buffered },
  async (t) => {
    const file = join(t.testdir(), 'policy.json')
    writeFileSync(file, JSON.stringify({ options: { write: ['*'] }, annotations: ['example.com/*'] }))
    const { api } = await serveResizes(t, cluster, { POLICY_FILE: file })
    const original = originalOf(t, cluster, 'premium', 4)
    const { userId, namespace, fullname, key } = original
    const object = { name: fullname, namespace }
    await core.createNamespace({ body: { metadata: { name: namespace } } })
    const secret = { metadata: { name: 'vault' }, stringData: { 'secret-key': key } }
    await core.createNamespacedSecret({ namespace, body: secret })
    const spec = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: cluster.storageClasses.expanding,
      resources: { requests: { storage: '3Gi' } },
    }
    await core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata: { name: 'old-data' }, spec } })
    const own = { 'secret.name': 'vault', 'persistence.existingClaim': 'old-data' }
    await original.install({ ...own, ...POLICY, ...INGRESS, 'service.type': 'NodePort', 'service.port': '80' })
    await original.give()
    const tenant = { ...tenantAt(cluster, api, userId), key }
    const [before] = await tenant.runs()
    const policy = (await networking.readNamespacedNetworkPolicy(object)).spec
    const { nodePort, name } = (await core.readNamespacedService(object)).spec!.ports![0]!

    const { status, body } = await api('POST', `/tenants/${userId}/adopt`, undefined, WAIT)
    t.equal(status, 200, JSON.stringify(body))
    t.match(body, {
      state: 'active',
      desired: { ramSize: '512Mi', storageSize: '3Gi' },
      endpoints: { external: [{ url: 'wss://db.example.com' }] },
      options: {
        secret: { name: 'vault', key: 'secret-key' },
        storage: { existingClaim: 'old-data' },
        service: { type: 'NodePort', port: 80 },
        ingress: { annotations: { 'example.com/a': 'b' } },
      },
    })
    t.strictSame(await tenant.runs(), [before], 'the same pod and container')
    t.strictSame((await networking.readNamespacedNetworkPolicy(object)).spec, policy, 'the same network policy')
    t.match((await core.readNamespacedService(object)).spec?.ports, [{ port: 80, nodePort, name, targetPort: 8080 }])
    t.match((await networking.readNamespacedIngress(object)).spec?.rules?.[0]?.http?.paths, [
      { backend: { service: { name: fullname, port: { number: 80 } } } },
    ])
    t.strictSame(
      (await core.readNamespacedSecret({ name: `${fullname}-secrets`, namespace })).data,
      undefined,
      'no key here',
    )

    t.test('and what Helm has set goes when it is given back', async (t) => {
      const options = {
        ingress: { annotations: { 'example.com/a': null }, tls: null },
        networkPolicy: { enabled: null },
      }
      const patched = await api('PATCH', `/tenants/${userId}`, { options }, WAIT)
      t.equal(patched.status, 200, JSON.stringify(patched.body))
      const { metadata, spec } = await networking.readNamespacedIngress(object)
      t.equal(metadata?.annotations?.['example.com/a'], undefined)
      t.equal(spec?.tls, undefined)
      t.strictSame(await tenant.runs(), [before], 'the same pod and container')
    })

    t.test('and a restart finds its key and its data where they were', async (t) => {
      await tenant.post('restart')
      t.match((await tenant.pod()).spec, {
        volumes: [{ persistentVolumeClaim: { claimName: 'old-data' } }],
        containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'vault' } } }] }],
      })
    })
  },
)

t.test('one that somebody has stopped is suspended, and starts with its data', { skip, buffered }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  const original = originalOf(t, cluster, 'stopped')
  const { userId, namespace, fullname } = original
  await original.install()
  const scale = { name: fullname, namespace, body: [{ op: 'replace', path: '/spec/replicas', value: 0 }] }
  await apps.patchNamespacedDeployment(scale)
  await original.give()
  const { status, body } = await api('POST', `/tenants/${userId}/adopt`, undefined, WAIT)
  t.match([status, body.operation.state], [200, 'succeeded'])
  t.match(body.state, /suspend/)
  const resumed = await api('POST', `/tenants/${userId}/resume`, undefined, WAIT)
  t.match([resumed.status, resumed.body.state], [200, 'active'])
})

t.test('a release of the instance chart is taken over too', { skip: withoutResize(cluster), buffered }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  const original = originalOf(t, cluster, 'instance', 3, INSTANCE_CHART)
  const { userId, key } = original
  await original.install({ 'quota.enabled': 'true', 'persistence.size': '1Gi' })
  await original.give()
  const tenant = { ...tenantAt(cluster, api, userId), key }
  const [before] = await tenant.runs()
  const { status, body } = await api('POST', `/tenants/${userId}/adopt`, undefined, WAIT)
  t.match([status, body.state, body.options?.livenessProbe?.type], [200, 'active', 'exec'], JSON.stringify(body))
  t.strictSame(await tenant.runs(), [before])
  t.strictSame(await tenant.whatIsWrong(), [])
  t.equal((await tenant.resize({ ramSize: '768Mi' })).truth, 'none')
  t.strictSame(await tenant.runs(), [before])
})
