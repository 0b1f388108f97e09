import type { KubernetesObject } from '@kubernetes/client-node'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { tenantDefaults } from '../../src/defaults.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { DEFAULT_POLICY } from '../../src/policy/policy.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { aSpec, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, context, send, keys } = await testApp(t, { reader: { scopes: ['read', 'resize'] } })
const URL = '/tenants/user123'

function tenant(spec: Spec): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, 'the-key-of-the-database', ownerAnnotation(spec.operation)))
}

t.test('lists the size plans, and creates a tenant on one', async (t) => {
  const { body } = await send('GET', '/plans')
  t.match(body, {
    items: [{ name: 'basic', ramSize: '1Gi', options: { storage: { size: '20Gi' } } }, { name: 'premium' }],
  })
  const created = await send('POST', '/tenants', { body: { userId: 'on-a-plan', plan: 'premium' } })
  t.equal(created.status, 202)
  t.match(created.body, {
    plan: 'premium',
    desired: { ramSize: '8Gi', storageSize: '16Gi', cpu: { request: '2000m' } },
  })
})

t.test('refuses a plan that is not on the list, and two sizes, and none', async (t) => {
  for (const [size, pointer] of [
    [{ plan: 'gold' }, '/plan'],
    [{ plan: 'basic', ramSize: '1Gi' }, '/ramSize'],
    [{}, '/ramSize'],
  ] as const) {
    const { body } = await send('POST', '/tenants', { body: { userId: 'nobody', ...size } })
    t.match(body, { status: 400, code: 'invalid-request', errors: [{ pointer }] })
  }
})

t.test('says of every option that breaks a rule which one it is, and why', async (t) => {
  const table: [object, string, RegExp][] = [
    [{ replicaCount: 2 }, '/options/replicaCount', /must be 1: the database does not scale out/],
    [{ storage: { accessModes: ['ReadWriteMany'] } }, '/options/storage/accessModes', /ReadWriteOnce/],
    [{ storage: { size: '1Gi' } }, '/options/storage/size', /at least 2 x RAM, 4Gi/],
    [{ storage: { size: 'much' } }, '/options/storage/size', /is no size/],
    [
      { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
      '/options/resources/requests/cpu',
      /at most the limit/,
    ],
    [{ resources: { limits: { cpu: 'fast' } } }, '/options/resources/limits/cpu', /is no CPU quantity/],
    [{ podLabels: { 'app.kubernetes.io/name': 'x' } }, '/options/podLabels/app.kubernetes.io~1name', /is reserved/],
    [{ podAnnotations: { 'fluxiondb.com/x': 'x' } }, '/options/podAnnotations/fluxiondb.com~1x', /is reserved/],
    [{ labels: { 'a/b': 'x' } }, '/options/labels/a~1b', /the key must be/],
    [{ secret: { name: 'db-nobody-fluxiondb-secrets' } }, '/options/secret/name', /the service's own Secret/],
    [{ image: { tag: '1@sha256:0f' } }, '/options/image/tag', /must match/],
    [{ secret: { key: 'api-key' } }, '/options/secret/key', /needs secret\.name/],
    [
      { storage: { enabled: false, existingClaim: 'theirs' } },
      '/options/storage/existingClaim',
      /needs storage to be enabled/,
    ],
    [{ resources: { requests: { cpu: '-1' } } }, '/options/resources/requests/cpu', /is no CPU quantity above 0/],
    [{ networkPolicy: { policyTypes: [] } }, '/options/networkPolicy/policyTypes', /must name a direction/],
    [
      { networkPolicy: { ingress: [{ ports: [null] }] } },
      '/options/networkPolicy/ingress/0/ports/0',
      /null must not stand in a list/,
    ],
    [{ readinessProbe: { initialDelaySeconds: 600 } }, '/options/readinessProbe/initialDelaySeconds', /less than 600/],
    [{ flushInterval: 595 }, '/options/flushInterval', /must be less than 595: no restart/],
    [{ image: { tagg: '1' } }, '/options/image/tagg', /is not a known field/],
    [{ flushInterval: 0 }, '/options/flushInterval', />= 1/],
    [{ dataFolder: '/etc' }, '/options/dataFolder', /must match/],
    [{ dataFolder: '/data/$(X)' }, '/options/dataFolder', /must match/],
  ]
  for (const [options, pointer, message] of table) {
    const { body } = await send('POST', '/tenants', { body: { userId: 'nobody', ramSize: '2Gi', options } })
    t.match(body, { status: 400, code: 'invalid-request' }, JSON.stringify(options))
    t.ok(
      body.errors.some(
        (error: { pointer: string; message: string }) => error.pointer === pointer && message.test(error.message),
      ),
      `${pointer}: ${JSON.stringify(body.errors)}`,
    )
  }
})

t.test('judges what a change makes of a tenant, and not what was so before', async (t) => {
  const limited = { asked: { resources: { limits: { cpu: '1' } } }, options: { resources: { limits: { cpu: '1' } } } }
  tenant(aSpec({ desired: { asked: limited.asked }, options: limited.options }))
  const options = { resources: { requests: { cpu: '2' } } }
  for (const [method, body] of [
    ['PATCH', { options }],
    ['PUT', { ramSize: '2Gi', options: { resources: { ...limited.asked.resources, ...options.resources } } }],
  ] as const) {
    const { body: answer } = await send(method, URL, { body })
    t.match(answer, { status: 400, errors: [{ pointer: '/options/resources/requests/cpu', message: /limit, 1/ }] })
  }
  // As one that was taken over, or made before the rule.
  tenant(aSpec({ options: { networkPolicy: { policyTypes: [] } } }))
  t.equal((await send('PATCH', URL, { body: { options: { description: 'x' } } })).status, 202)
  const fixed = await send('PATCH', URL, { body: { options: { secret: { key: 'other' } } } })
  t.match(fixed.body, { status: 409, errors: [{ pointer: '/options/secret/key', message: /cannot be changed/ }] })
})

t.test('refuses a host that another tenant has from another day', async (t) => {
  const host = 'nobody.db.example.com'
  cluster.put({
    kind: 'Ingress',
    metadata: { name: 'db-older-fluxiondb', namespace: 'fluxiondb-older' },
    spec: { rules: [{ host }] },
  } as KubernetesObject)
  const body = { userId: 'nobody', ramSize: '2Gi', options: { ingress: { enabled: true } } }
  t.match((await send('POST', '/tenants', { body })).body, {
    status: 409,
    code: 'not-feasible',
    errors: [{ pointer: '/options/ingress/hosts/0/host', message: /is the host of another tenant/ }],
  })
})

t.test('refuses an Ingress without a host where the operator has none for it', async (t) => {
  const { current } = context.policy
  t.teardown(() => Object.assign(context, { policy: { current } }))
  Object.assign(context, { policy: { current: { ...current, ingressHosts: [] } } })
  const body = { userId: 'nobody', ramSize: '2Gi', options: { ingress: { enabled: true } } }
  t.match((await send('POST', '/tenants', { body })).body, {
    status: 400,
    code: 'invalid-request',
    errors: [{ pointer: '/options/ingress/hosts', message: /must name a host/ }],
  })
})

t.test('refuses what the operator has not listed, and says what is', async (t) => {
  const host = (name: string) => ({
    ingress: { enabled: true, hosts: [{ host: name, paths: [{ path: '/', pathType: 'Prefix' }] }] },
  })
  for (const [options, pointer, allowed] of [
    [{ image: { repository: 'evil/image' } }, '/options/image', /volandoo\/fluxiondb:\*/],
    [{ storage: { storageClass: 'gold' } }, '/options/storage/storageClass', /none besides the default/],
    [host('other.db.example.com'), '/options/ingress/hosts/0/host', /nobody\.db\.example\.com/],
    [
      { podAnnotations: { 'sidecar.istio.io/inject': 'true' } },
      '/options/podAnnotations/sidecar.istio.io~1inject',
      /prometheus/,
    ],
  ] as const) {
    const { body } = await send('POST', '/tenants', { body: { userId: 'nobody', ramSize: '2Gi', options } })
    t.match(body, { status: 403, code: 'option-not-allowed', errors: [{ pointer, message: allowed }] })
  }
})

t.test(
  'patches options: what is not named stays, null is the default, and what is no matter of the pod leaves it alone',
  async (t) => {
    tenant(aSpec())
    const patch = (options: object) => send('PATCH', URL, { body: { options } })
    const first = await patch({ labels: { team: 'blue', tier: 'a' }, description: 'one', protected: true })
    t.equal(first.status, 202)
    t.match(first.body, {
      protected: true,
      options: { labels: { team: 'blue', tier: 'a' }, description: 'one' },
      operation: { type: 'update', plan: { expectedDisruption: 'none', worstDisruption: 'none' } },
    })
    const second = await patch({ labels: { tier: null }, description: null })
    t.strictSame(second.body.options.labels, { team: 'blue' })
    t.match(second.body, { protected: true, options: { description: '' } })
    const third = await patch({ labels: { team: 'blue' } })
    t.equal(third.body.generation, second.body.generation, 'the same again changes nothing')
  },
)

t.test(
  'declares a tenant by PUT: the same again changes nothing, and what is left out goes back to the default',
  async (t) => {
    tenant(aSpec())
    const put = (body: object) => send('PUT', URL, { body })
    const first = await put({ ramSize: '2Gi', options: { description: 'one' } })
    t.match(first.body, { generation: 2, options: { description: 'one' } })
    t.equal((await put({ ramSize: '2Gi', options: { description: 'one' } })).body.generation, 2)
    t.match((await put({ ramSize: '1Gi' })).body, {
      generation: 3,
      desired: { ramSize: '1Gi', storageSize: '4Gi' },
      options: { description: '' },
    })
    const created = await send('PUT', '/tenants/by-put', { body: { ramSize: '1Gi', apiKey: 'key-of-a-database' } })
    t.equal(created.status, 202)
    t.match(created.body, { userId: 'by-put', operation: { type: 'create' } })
  },
)

t.test('gives new tenants the priority class of the settings, and no other to those that are there', async (t) => {
  const { defaults, policy } = context
  t.teardown(() => Object.assign(context, { defaults, policy }))
  const withDefault = { ...defaults, ...tenantDefaults(readConfig({ PRIORITY_CLASS: 'databases' })) }
  Object.assign(context, { defaults: withDefault, policy: { current: DEFAULT_POLICY } })
  const created = await send('POST', '/tenants', { body: { userId: 'new', ramSize: '1Gi' } })
  t.match(created, { status: 202, body: { options: { priorityClassName: 'databases' } } }, 'without any permission')
  tenant(aSpec())
  const patched = await send('PATCH', URL, { body: { options: { description: 'x' } } })
  t.match(patched, { status: 202, body: { options: { priorityClassName: null } } })
})

t.test('takes keys in another order for the same request, and for the same tenant', async (t) => {
  const selector = { matchLabels: { app: 'x', tier: 'y' } }
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [selector] } }
  const options = { labels: { team: 'blue', stage: 'test' }, nodeSelector: { zone: 'a', disk: 'ssd' }, affinity }
  const turned = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ matchLabels: { tier: 'y', app: 'x' } }],
      },
    },
    nodeSelector: { disk: 'ssd', zone: 'a' },
    labels: { stage: 'test', team: 'blue' },
  }
  const headers = { 'idempotency-key': 'once' }
  const created = await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2Gi', options }, headers })
  t.equal(created.status, 202)
  const again = await send('POST', '/tenants', {
    body: { options: turned, ramSize: '2Gi', userId: 'user123' },
    headers,
  })
  t.match([again.status, again.body.operation?.id], [202, created.body.operation.id], 'the same request')

  const put = await send('PUT', URL, { body: { options: turned, ramSize: '2Gi' } })
  t.match([put.status, put.body.generation], [202, 1], 'nothing to change')
  const { nodeSelector, ...rest } = turned
  const plan = await send('PATCH', `${URL}?dryRun=true`, { body: { options: { ...rest, labels: { team: 'red' } } } })
  t.match(plan.body, { changes: [{ resource: 'labels' }], expectedDisruption: 'none' }, 'and no restart')
  t.equal(plan.body.changes.length, 1)
})

t.test('goes on with a create that was cut off for one that differs in the order of its keys only', async (t) => {
  const create = (labels: object) =>
    send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2Gi', options: { labels } } })
  t.equal((await create({ team: 'blue', stage: 'test' })).status, 202)
  const { core } = cluster.apis
  const { namespace: name, secret } = namesFor('user123')
  const namespace = await core.readNamespace({ name })
  const record = JSON.parse(namespace.metadata!.annotations![annotations.spec]!)
  namespace.metadata!.annotations![annotations.spec] = JSON.stringify({ ...record, committed: false })
  cluster.put(namespace)
  await core.deleteNamespacedSecret({ name: secret, namespace: name })
  t.match((await create({ team: 'red', stage: 'test' })).body, { status: 409, code: 'create-in-progress' })
  t.equal((await create({ stage: 'test', team: 'blue' })).status, 202)
})

t.test('asks for the scope write', async (t) => {
  tenant(aSpec())
  const { status } = await send('PATCH', URL, { body: { options: { description: 'x' } }, key: keys.reader })
  t.equal(status, 403)
})

t.test('changes RAM and options by one patch, of one operation', async (t) => {
  tenant(aSpec())
  const body = { ramSize: '1Gi', options: { labels: { team: 'a' } } }
  const answer = await send('PATCH', URL, { body })
  t.match(answer, {
    status: 202,
    body: {
      desired: { ramSize: '1Gi', storageSize: '4Gi' },
      options: { labels: { team: 'a' } },
      operation: { type: 'update', plan: { expectedDisruption: 'none' } },
    },
  })
  const planned = await send('POST', `${URL}/plan`, { body: { ramSize: '1536Mi' } })
  t.match(planned.body, { feasible: true, changes: [{ resource: 'ram', from: '1Gi', to: '1536Mi' }] })
})

t.test('takes a tenant off its plan by a patch of the RAM, and keeps what the plan has given it', async (t) => {
  tenant(aSpec({ desired: { storageSize: '20Gi' } }))
  await send('PATCH', URL, { body: { plan: 'basic' } })
  const { body } = await send('PATCH', URL, { body: { ramSize: '2Gi' } })
  t.match(body, {
    sizePlan: null,
    desired: { ramSize: '2Gi', storageSize: '20Gi' },
    options: { storage: { size: '20Gi' } },
  })
})

t.test('refuses a patch of RAM that is no size, or out of bounds, or beside a plan', async (t) => {
  tenant(aSpec())
  for (const body of [{ ramSize: 'much' }, { ramSize: '1Ti' }, { ramSize: '1Gi', plan: 'basic' }]) {
    const answer = await send('PATCH', URL, { body })
    t.match(answer.body, { status: 400, code: 'invalid-request', errors: [{ pointer: '/ramSize' }] })
  }
  t.equal((await send('PATCH', URL, { body: { ramSize: '1Gi', plan: null } })).status, 202)
})
