/** Options that only Kubernetes can judge: it does so before anything is recorded, and names the field of the request. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve, type TestService } from '../helpers/serve.ts'
import { newUserId, recordOf, removeNamespace } from '../helpers/tenant-objects.ts'

const HOST = (host: string) => ({ host, paths: [{ path: '/', pathType: 'Prefix' }] })
const cluster = await testCluster()
const { core, networking } = cluster.admin
const file = join(t.testdir(), 'policy.json')
const policy = {
  options: { write: ['*'] },
  images: ['*'],
  storageClasses: ['*'],
  ingressClasses: ['*'],
  annotations: ['*'],
  ingressHosts: ['{id}.db.example.com', '*.{id}.db.example.com'],
  plans: [{ name: 'small', ramSize: '128Mi', options: { labels: { product: 'small' } } }],
}
writeFileSync(file, JSON.stringify(policy))
const { api } = await serve(t, cluster, { POLICY_FILE: file })

t.test('has Kubernetes judge what only it can, field by field, and makes nothing', async (t) => {
  const table: [options: object, pointer: string, message: RegExp][] = [
    [{ tolerations: [{ operator: 'Exists' }, { operator: 'Equals' }] }, '/options/tolerations/1/operator', /Equals/],
    [{ tolerations: [{ oprator: 'Exists' }] }, '/options/tolerations/0/oprator', /not a known field/],
    [
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
      '/options/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms',
      /Required/,
    ],
    [{ nodeSelector: { 'not a key': 'x' } }, '/options/nodeSelector', /not a key/],
    [{ podLabels: { team: 'not a value' } }, '/options/podLabels', /not a value/],
    [{ priorityClassName: 'no-such-class' }, '/options/priorityClassName', /no-such-class/],
    [{ storage: { storageClass: 'no-such-class' } }, '/options/storage/storageClass', /does not exist/],
    [
      { networkPolicy: { ingress: [{ ports: [{ protocol: 'TCP', port: 99999 }] }] } },
      '/options/networkPolicy/ingress/0/ports/0/port',
      /between 1 and 65535/,
    ],
    [{ service: { annotations: { 'not a key': 'x' } } }, '/options/service/annotations', /not a key/],
  ]
  for (const [options, pointer, message] of table) {
    const userId = newUserId(t, cluster, 'refused')
    const { status, body } = await api('POST', '/tenants', { userId, ramSize: '128Mi', options })
    t.match([status, body.code], [422, 'refused-by-cluster'], JSON.stringify(body))
    t.ok(
      body.errors?.some(
        (one: { pointer: string; message: string }) => one.pointer === pointer && message.test(one.message),
      ),
      `${pointer}: ${JSON.stringify(body.errors)}`,
    )
    await t.rejects(core.readNamespace({ name: `fluxiondb-${userId}` }), { code: 404 })
  }
})

t.test('takes hosts of the tenant only as Kubernetes writes them', async (t) => {
  const userId = newUserId(t, cluster, 'host')
  const own = `${userId}.db.example.com`
  for (const host of [`Upper.${own}`, `*.*.${own}`, `a..${own}`, `.${own}`]) {
    const options = { ingress: { enabled: true, hosts: [HOST(own), HOST(host)] } }
    const { status, body } = await api('POST', '/tenants', { userId, ramSize: '128Mi', options })
    t.match([status, body.errors], [422, [{ pointer: '/options/ingress/hosts/1/host' }]], host)
  }
  for (const host of [`${own}.`, own.toUpperCase()]) {
    const options = { ingress: { enabled: true, hosts: [HOST(host)] } }
    t.equal((await api('POST', '/tenants', { userId, ramSize: '128Mi', options })).status, 403, host)
  }
})

t.test('takes null in what is passed on for absent, as Kubernetes does', async (t) => {
  const userId = newUserId(t, cluster, 'nulls')
  const where = { name: `db-${userId}-fluxiondb`, namespace: `fluxiondb-${userId}` }
  const networkPolicy = { policyTypes: ['Ingress'], ingress: [{ from: null, ports: [{ protocol: null, port: 8080 }] }] }
  const { body } = await api('POST', '/tenants', { userId, ramSize: '128Mi', options: { networkPolicy } })
  t.strictSame(body.options.networkPolicy.ingress, [{ ports: [{ port: 8080 }] }])
  await until('the Deployment, which comes after the policy, is there', () =>
    cluster.admin.apps.readNamespacedDeployment(where).catch(() => undefined),
  )
  const { metadata } = await networking.readNamespacedNetworkPolicy(where)
  t.equal(metadata?.generation, 1, 'it was written once')
})

t.test(
  'makes the Ingress and the rest as they are asked for, and takes away what is not wanted any more',
  async (t) => {
    const userId = newUserId(t, cluster, 'options')
    const name = `db-${userId}-fluxiondb`
    const where = { name, namespace: `fluxiondb-${userId}` }
    const host = `${userId}.db.example.com`
    const options = {
      ingress: { enabled: true, hosts: [HOST(host)], tls: [{ hosts: [host], secretName: 'tls' }] },
      service: { port: 9090, annotations: { 'example.com/zone': 'a' } },
      labels: { team: 'blue' },
      description: 'the first',
    }
    const { status, body } = await api('POST', '/tenants', { userId, plan: 'small', options })
    t.equal(status, 202)
    t.match(body, {
      plan: 'small',
      endpoints: { internal: { port: 9090 }, external: [{ host, url: `wss://${host}` }] },
      options: { labels: { team: 'blue', product: 'small' }, description: 'the first' },
    })
    const ingress = await until('the Ingress is there', () =>
      networking.readNamespacedIngress(where).catch(() => undefined),
    )
    t.match(ingress.spec, { rules: [{ host }], tls: [{ hosts: [host], secretName: 'tls' }] })
    t.match(ingress.metadata?.annotations, { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '86400' })
    await until('the Service is there', () => core.readNamespacedService(where).catch(() => undefined))
    const back = { options: { ingress: { hosts: null, tls: null } } }
    const changed = await api('PATCH', `/tenants/${userId}`, back)
    t.match(changed.body.endpoints.external, [{ host, url: `ws://${host}` }], "the host is the operator's by itself")
    const { metadata } = await core.readNamespace({ name: where.namespace })
    t.match(metadata?.labels, { 'label.fluxiondb.com/team': 'blue', 'label.fluxiondb.com/product': 'small' })

    const patch = { options: { ingress: null, networkPolicy: { enabled: false }, labels: { team: null } } }
    t.match((await api('PATCH', `/tenants/${userId}`, patch)).status, /200|202/)
    await until(
      'the Ingress is gone',
      async () => (await networking.listNamespacedIngress(where)).items.length === 0 || undefined,
    )
    await until(
      'the policy is gone',
      async () => (await networking.listNamespacedNetworkPolicy(where)).items.length === 0 || undefined,
    )
    const { metadata: after } = await core.readNamespace({ name: where.namespace })
    t.equal(after?.labels?.['label.fluxiondb.com/team'], undefined)
    t.equal((await recordOf(cluster, userId)).desired.options.service.port, 9090, 'what was not named stays')

    t.equal((await api('PATCH', `/tenants/${userId}`, { options: { service: { annotations: null } } })).status, 202)
    await until('the annotation is gone', async () => {
      const { metadata } = await core.readNamespacedService(where)
      return metadata?.annotations?.['example.com/zone'] === undefined || undefined
    })
    const outside = {
      enabled: true,
      annotations: { 'example.com/a': 'b' },
      hosts: [HOST(host)],
      tls: [{ hosts: [host] }],
    }
    await api('PATCH', `/tenants/${userId}`, { options: { ingress: outside } })
    await until('the Ingress is there again', () => networking.readNamespacedIngress(where).catch(() => undefined))
    await api('PATCH', `/tenants/${userId}`, { options: { ingress: { annotations: null, tls: null } } })
    await until('TLS and the annotation are taken off the Ingress', async () => {
      const { metadata, spec } = await networking.readNamespacedIngress(where)
      return (spec?.tls === undefined && metadata?.annotations?.['example.com/a'] === undefined) || undefined
    })

    const fixed = await api('PATCH', `/tenants/${userId}`, {
      options: { storage: { storageClass: cluster.storageClasses.fixed } },
    })
    t.match([fixed.status, fixed.body.code], [409, 'not-feasible'])
    t.match(fixed.body.errors, [{ pointer: '/options/storage/storageClass', message: /cannot be changed/ }])
  },
)

t.test('lets in whom a policy names, and nobody else', async (t) => {
  const userId = newUserId(t, cluster, 'policy')
  const where = { name: `db-${userId}-fluxiondb`, namespace: `fluxiondb-${userId}` }
  const from = [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }]
  const ingress = [{ from, ports: [{ protocol: 'TCP', port: 8080 }] }]
  const request = { userId, ramSize: '128Mi', options: { networkPolicy: { ingress } } }
  t.equal((await api('POST', '/tenants', request)).status, 202)
  const { spec } = await until('the policy is there', () =>
    networking.readNamespacedNetworkPolicy(where).catch(() => undefined),
  )
  t.match(spec?.ingress, [{ _from: from }])
  await until('the Deployment, which comes after it, is there', () =>
    cluster.admin.apps.readNamespacedDeployment(where).catch(() => undefined),
  )
})

t.test('claims a namespace that an operator has prepared for this tenant, and no other', async (t) => {
  const [mine, others] = [newUserId(t, cluster, 'prepared'), newUserId(t, cluster, 'prepared')]
  const namespace = `fluxiondb-${mine}`
  await core.createNamespace({
    body: { metadata: { name: namespace, labels: { 'fluxiondb.com/prepared-for': mine } } },
  })
  await core.createNamespace({
    body: { metadata: { name: `fluxiondb-${others}`, labels: { 'fluxiondb.com/prepared-for': mine } } },
  })
  const data = { 'api-key': btoa('key-from-the-vault') }
  await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'from-the-vault' }, data } })
  const secret = { name: 'from-the-vault', key: 'api-key' }
  const twice = await api('POST', '/tenants', {
    userId: mine,
    ramSize: '128Mi',
    apiKey: 'key-from-here',
    options: { secret },
  })
  t.match([twice.status, twice.body.errors], [400, [{ pointer: '/apiKey' }]])

  const { status, body } = await api('POST', '/tenants', { userId: mine, ramSize: '128Mi', options: { secret } })
  t.equal(status, 202, JSON.stringify(body))
  t.equal(body.apiKey, undefined, 'no key is made where there is one')
  const { metadata } = await core.readNamespace({ name: namespace })
  t.match(metadata?.labels, { 'fluxiondb.com/tenant': mine, 'pod-security.kubernetes.io/enforce': 'restricted' })
  const { spec } = await until('the Deployment is there', () =>
    cluster.admin.apps.readNamespacedDeployment({ name: `db-${mine}-fluxiondb`, namespace }).catch(() => undefined),
  )
  t.match(spec?.template.spec?.containers[0]?.env, [{ valueFrom: { secretKeyRef: secret } }])
  t.match((await api('POST', `/tenants/${mine}/rotate-key`)).body, { status: 409, code: 'not-feasible' })

  t.match((await api('POST', '/tenants', { userId: others, ramSize: '128Mi' })).body, {
    status: 409,
    code: 'namespace-taken',
  })
})

t.test('makes the namespace in which options are tried out, or says who has to', async (t) => {
  const SCRATCH_NAMESPACE = `scratch-${randomBytes(3).toString('hex')}`
  t.teardown(() => removeNamespace(cluster, SCRATCH_NAMESPACE))
  const [confined, free] = await Promise.all([
    serve(t, cluster, { POLICY_FILE: file, SCRATCH_NAMESPACE }),
    serve(t, cluster, { POLICY_FILE: file, SCRATCH_NAMESPACE, KUBECONFIG: cluster.kubeconfig }),
  ])
  const userId = newUserId(t, cluster, 'scratch')
  const create = ({ api }: TestService) =>
    api('POST', '/tenants', { userId, ramSize: '128Mi', options: { podLabels: { team: 'not a value' } } })
  const { status, body } = await create(confined)
  t.match([status, body.code, body.retryable], [503, 'not-ready', true])
  t.match(body.detail, new RegExp(`An operator has to: kubectl create namespace ${SCRATCH_NAMESPACE}$`))
  await t.rejects(core.readNamespace({ name: SCRATCH_NAMESPACE }), { code: 404 })

  const answers = await Promise.all([create(free), create(free)])
  for (const { body } of answers) {
    t.match(body, { status: 422, errors: [{ pointer: '/options/podLabels', message: /not a value/ }] })
  }
  const { metadata } = await core.readNamespace({ name: SCRATCH_NAMESPACE })
  t.match(metadata?.labels, { 'pod-security.kubernetes.io/enforce': 'restricted' })
})

t.test('takes no more tenants than the operator allows', async (t) => {
  const few = join(t.testdir(), 'few.json')
  writeFileSync(few, '{"maxTenants":1}')
  // Of those that other tests leave, the last may go at any moment.
  const { api: unlimited } = await serve(t, cluster)
  const first = await unlimited('POST', '/tenants', { userId: newUserId(t, cluster, 'one'), ramSize: '128Mi' })
  t.equal(first.status, 202)
  const { api } = await serve(t, cluster, { POLICY_FILE: few })
  const second = await api('POST', '/tenants', { userId: newUserId(t, cluster, 'two'), ramSize: '128Mi' })
  t.match(second.body, { status: 409, code: 'too-many-tenants' })
})
