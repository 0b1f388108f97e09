import type { V1Secret } from '@kubernetes/client-node'
import t from 'tap'
import { KubernetesError } from '../../src/kubernetes/errors.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { KeyLostError, promoteKey } from '../../src/tenants/record/key-rotation.ts'
import { committedBy, ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { aSpec, liveNamespace, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, context, keys, lines, send, started } = await testApp(t, {
  reader: { scopes: ['read'] },
  writer: { scopes: ['read', 'write'] },
})
const KEY = 'the-key-of-the-database'
const THEN = '2026-01-02T00:00:00.000Z'
const RAM = '/tenants/user123/ram'
const ROTATE = '/tenants/user123/rotate-key'

/** Puts a whole tenant into the cluster. */
function tenant(spec: Spec = aSpec()): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, KEY, ownerAnnotation(spec.operation)))
}

t.test('shows the plan of a resize, and changes nothing', async (t) => {
  tenant()
  const { status, body } = await send('PATCH', `${RAM}?dryRun=true`, { body: { ramSize: '1Gi' } })
  t.equal(status, 200)
  t.match(body, {
    feasible: true,
    strategy: 'auto',
    expectedDisruption: 'none',
    worstDisruption: 'restart',
    changes: [{ resource: 'ram', from: '2Gi', to: '1Gi' }, { resource: 'cpu.request' }, { resource: 'cpu.limit' }],
    reasons: [{ code: 'StorageKept' }],
  })
  t.equal((await send('GET', '/tenants/user123')).body.generation, 1)
  t.same(started, [])
})

t.test('answers a plan by an address of its own as it does a dry run, and changes nothing', async (t) => {
  for (const [url, plan, body] of [
    [RAM, `${RAM}/plan`, { ramSize: '1Gi', strategy: 'restart' }],
    ['/tenants/user123', '/tenants/user123/plan', { options: { flushInterval: 30 } }],
  ] as const) {
    tenant()
    const dryRun = await send('PATCH', `${url}?dryRun=true`, { body })
    const planned = await send('POST', plan, { body })
    t.match([planned.status, planned.body.expectedDisruption], [200, 'restart'], plan)
    t.same(planned.body, dryRun.body)
    t.same(started, [])
  }
})

t.test('refuses a change that is not feasible with the reasons of its plan, and leaves all as it was', async (t) => {
  tenant()
  const body = { ramSize: '4Gi', strategy: 'inPlace' }
  const plan = await send('PATCH', `${RAM}?dryRun=true`, { body })
  t.match(plan.body, { feasible: false, reasons: [{ code: 'ClassNotExpandable' }] })
  const refused = await send('PATCH', RAM, { body })
  t.match(refused.body, { status: 409, code: 'not-feasible', errors: [{ message: /^ClassNotExpandable: / }] })
  t.equal((await send('GET', '/tenants/user123')).body.generation, 1)
})

t.test('goes by the plan that it showed', async (t) => {
  tenant()
  const body = { ramSize: '1Gi', strategy: 'restart' }
  const plan = await send('PATCH', `${RAM}?dryRun=true`, { body })
  const { body: changed } = await send('PATCH', RAM, { body })
  t.match(changed.operation, { type: 'resize', plan: plan.body })
})

for (const [verb, spec, type, state] of [
  ['suspend', aSpec(), 'suspend', 'suspending'],
  ['resume', aSpec({ suspended: true }), 'resume', 'resuming'],
  ['restart', aSpec(), 'restart', 'updating'],
] as const) {
  t.test(`answers a ${verb} with the tenant that is ${state}`, async (t) => {
    tenant(spec)
    const { status, body } = await send('POST', `/tenants/user123/${verb}`, { key: keys.writer })
    t.equal(status, 202)
    t.match(body, { state, generation: 2, operation: { type, state: 'running' } })
    t.same(started, ['user123'])
  })

  t.test(`refuses to ${verb} a deleted tenant`, async (t) => {
    tenant({ ...spec, deletedAt: THEN })
    t.match((await send('POST', `/tenants/user123/${verb}`)).body, { status: 409, code: 'tenant-deleted' })
  })
}

t.test('does nothing to a tenant that is suspended, or runs, already', async (t) => {
  tenant(aSpec({ suspended: true }))
  t.match((await send('POST', '/tenants/user123/suspend')).body, { generation: 1, operation: { type: 'create' } })
  tenant(aSpec())
  t.match((await send('POST', '/tenants/user123/resume')).body, { generation: 1, operation: { type: 'create' } })
})

t.test('restarts no suspended tenant', async (t) => {
  tenant(aSpec({ suspended: true }))
  t.match((await send('POST', '/tenants/user123/restart')).body, { status: 409, code: 'tenant-suspended' })
})

t.test('says that a restart disturbs, but not if nothing runs', async (t) => {
  tenant()
  t.match((await send('POST', '/tenants/user123/restart')).body.operation.plan, { expectedDisruption: 'restart' })
  cluster.clear()
  tenant()
  await send('POST', '/tenants/user123/suspend')
  t.match((await send('POST', ROTATE)).body.operation.plan.lossWindowSeconds, 15, 'the pod still runs')
})

t.test('gives the database a key of its own making, and shows it this once', async (t) => {
  tenant()
  const { status, headers, body } = await send('POST', ROTATE)
  t.equal(status, 202)
  t.match(body, { state: 'updating', operation: { type: 'rotate-key', state: 'running' }, apiKey: /^[\w-]{43}$/ })
  t.equal(headers['cache-control'], 'no-store')
  t.notMatch((await send('GET', '/tenants/user123')).text, body.apiKey)
  t.notMatch(lines.join('\n'), body.apiKey)
})

t.test('gives the database the key that came with the request, and shows it nowhere', async (t) => {
  tenant()
  const { status, text } = await send('POST', ROTATE, { body: { apiKey: 'another-key-of-the-caller' } })
  t.equal(status, 202)
  t.notMatch(text + lines.join('\n'), 'another-key-of-the-caller')
})

t.test('makes one key for the same request, however often it is sent', async (t) => {
  tenant()
  const headers = { 'idempotency-key': 'once' }
  const first = await send('POST', ROTATE, { headers })
  const again = await send('POST', ROTATE, { headers })
  t.equal(again.body.apiKey, first.body.apiKey)
  t.equal(again.body.operation.id, first.body.operation.id)
  t.equal(again.body.generation, 2)
})

const secretOf = () => cluster.get('Secret', 'db-user123-fluxiondb-secrets', 'fluxiondb-user123') as V1Secret
const keyInForce = () => atob(secretOf().data!['secret-key']!)
const noted = ({ metadata }: V1Secret) => ({ labels: metadata?.labels, annotations: metadata?.annotations })

t.test('changes nothing of the Secret if a rotation is refused after all', async (t) => {
  const conflict = new KubernetesError(409, 'Conflict', 'the object has been modified')
  for (const [what, change, headers, code] of [
    ['deleted', { deletedAt: THEN }, {}, 'tenant-deleted'],
    ['changed', { generation: 2 }, { 'if-match': '"0a1b2c3d-1"' }, 'precondition-failed'],
  ] as const) {
    cluster.clear()
    tenant()
    const before = secretOf()
    let isOvertaken = false
    // Somebody is faster between the look at the record and the write of it.
    cluster.fails = (verb, kind) => {
      if (verb !== 'patch' || kind !== 'Namespace' || isOvertaken) return undefined
      isOvertaken = true
      cluster.put(liveNamespace(aSpec(change)))
      return conflict
    }
    t.match((await send('POST', ROTATE, { headers })).body, { code }, what)
    t.ok(isOvertaken)
    t.strictSame({ data: secretOf().data, ...noted(secretOf()) }, { data: before.data, ...noted(before) }, what)
  }
})

t.test('has recorded a rotation before its key is in force', async (t) => {
  tenant()
  const { status, body } = await send('POST', ROTATE)
  t.equal(status, 202)
  const record = JSON.parse(cluster.get('Namespace', 'fluxiondb-user123')!.metadata!.annotations![annotations.spec]!)
  t.equal(record.pendingKey, body.operation.id)
  t.equal(keyInForce(), KEY)
  await promoteKey(context, 'user123', body.operation.id)
  t.equal(keyInForce(), body.apiKey)
  await promoteKey(context, 'user123', body.operation.id)
  t.equal(keyInForce(), body.apiKey, 'and once more does no harm')
  t.same(Object.keys(secretOf().data!), ['secret-key'])
})

t.test('keeps what others have put into the Secret, or on it', async (t) => {
  tenant()
  const { metadata, ...rest } = secretOf()
  const notes = { ...metadata!.annotations, 'reflector.example.com/allowed': 'true' }
  const labels = { ...metadata!.labels, 'backup.example.com/include': 'true' }
  const data = { ...rest.data, 'reporting-key': btoa('reporting') }
  cluster.put({ ...rest, data, metadata: { ...metadata, labels, annotations: notes } } as V1Secret)
  const { body } = await send('POST', ROTATE)
  await promoteKey(context, 'user123', body.operation.id)
  t.equal(keyInForce(), body.apiKey)
  t.match(secretOf(), { data: { 'reporting-key': btoa('reporting') } })
  t.match(secretOf().metadata, { labels, annotations: { 'reflector.example.com/allowed': 'true' } })
  t.equal(committedBy(secretOf().metadata?.annotations)?.id, body.operation.id)
})

t.test('keeps the key of each of two rotations until one is in force', async (t) => {
  tenant()
  const [first, second] = [await send('POST', ROTATE), await send('POST', ROTATE)]
  await promoteKey(context, 'user123', second.body.operation.id)
  t.equal(keyInForce(), second.body.apiKey)
  await promoteKey(context, 'user123', first.body.operation.id)
  t.equal(keyInForce(), first.body.apiKey)
  await t.rejects(promoteKey(context, 'user123', '01JGFJJZ000000000000000001'), KeyLostError)
})

t.test('rotates no key without the right to secrets', async (t) => {
  tenant()
  t.match((await send('POST', ROTATE, { key: keys.writer })).body, { status: 403 })
  t.match((await send('POST', '/tenants/user123/suspend', { key: keys.reader })).body, { status: 403 })
  t.same(started, [])
})

t.test('keeps a tenant as it is if its Secret is gone', async (t) => {
  const { pods, replicaSets: _, secretExists: __, ...objects } = observed(aSpec())
  for (const object of [...Object.values(objects), ...pods]) if (object) cluster.put(object)
  t.match((await send('POST', ROTATE)).body, { code: 'secret-missing' })
  t.equal((await send('GET', '/tenants/user123')).body.generation, 1)
})
