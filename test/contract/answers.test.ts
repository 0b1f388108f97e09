import type { V1ConfigMap } from '@kubernetes/client-node'
import t from 'tap'
import { renderOperations } from '../../src/manifests/operations.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { anOperation, aSpec, liveNamespace, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, context, lines, send, started } = await testApp(t)
const JSON_TYPE = { 'content-type': 'application/json' }
const THEN = '2026-01-02T00:00:00.000Z'

/** Puts a whole tenant into the cluster. */
function tenant(spec: Spec = aSpec()): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, 'the-key-of-the-database', ownerAnnotation(spec.operation)))
}

t.test('answers a create with the tenant under way, where to find it, and the key that it made', async (t) => {
  const { status, headers, body } = await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2048Mi' } })
  t.equal(status, 202)
  t.match(headers, { location: 'tenants/user123', 'retry-after': '1', 'cache-control': 'no-store', etag: /^".+-1"$/ })
  t.match(body, {
    userId: 'user123',
    state: 'creating',
    desired: { ramSize: '2Gi', storageSize: '4Gi', cpu: { request: '750m', limit: '1500m' } },
    operation: { type: 'create', state: 'running' },
    apiKey: /^[A-Za-z0-9_-]{43}$/,
  })
  t.same(started, ['user123'])
})

t.test('shows a key that the caller gave in no answer and no log', async (t) => {
  const created = await send('POST', '/tenants', {
    body: { userId: 'user123', ramSize: '2Gi', apiKey: 'given-by-caller' },
  })
  t.equal(created.status, 202)
  const seen = await send('GET', '/tenants/user123')
  t.notMatch([created.text, seen.text, ...lines].join(''), /given-by-caller/)
})

t.test('shows a key that it made once', async (t) => {
  const { body } = await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '2Gi' } })
  t.notMatch((await send('GET', '/tenants/user123')).text, body.apiKey)
  t.notMatch(lines.join(''), body.apiKey)
})

t.test('answers the same create again with the same operation and key, and another one with 422', async (t) => {
  const headers = { 'idempotency-key': 'once' }
  const body = { userId: 'user123', ramSize: '2Gi' }
  const first = await send('POST', '/tenants', { body, headers })
  const again = await send('POST', '/tenants', { body, headers })
  t.equal(again.status, 202)
  t.equal(again.body.operation.id, first.body.operation.id)
  t.equal(again.body.apiKey, first.body.apiKey)
  for (const other of [
    { ...body, ramSize: '4Gi' },
    { ...body, userId: 'user456' },
  ]) {
    t.match((await send('POST', '/tenants', { body: other, headers })).body, {
      code: 'idempotency-key-reused',
      status: 422,
    })
  }
})

t.test('refuses a create of a tenant that is there, deleted or being deleted, or of a foreign namespace', async (t) => {
  const foreign = liveNamespace(aSpec({ userId: 'foreign' }))
  delete foreign.metadata!.labels
  cluster.put(foreign)
  tenant(aSpec({ userId: 'there' }))
  tenant(aSpec({ userId: 'deleted', deletedAt: THEN }))
  tenant(aSpec({ userId: 'purged', deletedAt: THEN, purgeRequestedAt: THEN }))
  const codes = {
    there: 'tenant-exists',
    deleted: 'tenant-deleted',
    purged: 'tenant-deleting',
    foreign: 'namespace-taken',
  }
  for (const [userId, code] of Object.entries(codes)) {
    t.match((await send('POST', '/tenants', { body: { userId, ramSize: '2Gi' } })).body, { status: 409, code }, userId)
  }
  t.same(started, [])
})

t.test('answers a resize with the tenant on its way to the new size', async (t) => {
  tenant()
  const { status, body, headers } = await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '1Gi' } })
  t.equal(status, 202)
  t.match(body, { state: 'resizing', generation: 2, desired: { ramSize: '1Gi', storageSize: '4Gi' } })
  t.match(body.notes, [/^storage stays at 4Gi/])
  t.match(headers, { etag: /-2"$/, 'retry-after': '1' })
})

t.test('changes a tenant only if it still is as the caller knows it', async (t) => {
  tenant()
  const { headers } = await send('GET', '/tenants/user123')
  const resize = (etag: unknown, ramSize: string) =>
    send('PATCH', '/tenants/user123/ram', { body: { ramSize }, headers: { 'if-match': String(etag) } })
  t.equal((await resize(headers.etag, '1Gi')).status, 202)
  t.match((await resize(headers.etag, '512Mi')).body, { status: 412, code: 'precondition-failed' })
  t.equal((await resize('*', '512Mi')).status, 202)
})

t.test('makes a change once, if the answer of the cluster to it is lost', async (t) => {
  tenant()
  cluster.losesNextAnswer = true
  const { status, body } = await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '1Gi' } })
  t.equal(status, 202)
  t.match(body, { generation: 2, state: 'resizing', operation: { type: 'resize', state: 'running' } })
})

t.test('does not take its own change for that of another caller', async (t) => {
  tenant()
  const { headers } = await send('GET', '/tenants/user123')
  cluster.losesNextAnswer = true
  const ifMatch = { 'if-match': String(headers.etag) }
  const { status } = await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '1Gi' }, headers: ifMatch })
  t.equal(status, 202, 'a 4xx leaves nothing changed')
})

t.test('answers a delete that says a type and has no body, and says what a purge would do', async (t) => {
  tenant()
  const first = await send('DELETE', '/tenants/user123', { headers: JSON_TYPE })
  t.equal(first.status, 202)
  t.match(first.body, { operation: { type: 'delete' }, deletedAt: String, notes: [/./] })
  const again = await send('DELETE', '/tenants/user123', { headers: JSON_TYPE })
  t.equal(again.body.operation.id, first.body.operation.id, 'a second one starts nothing new')
})

t.test('brings back a deleted tenant by a request without a body', async (t) => {
  tenant(aSpec({ deletedAt: THEN }))
  t.match((await send('PATCH', '/tenants/user123/ram', { body: { ramSize: '1Gi' } })).body, {
    status: 409,
    code: 'tenant-deleted',
  })
  const { status, body } = await send('POST', '/tenants/user123/undelete', { headers: JSON_TYPE })
  t.equal(status, 202)
  t.match(body, { state: 'resuming', deletedAt: null })
})

t.test('deletes no protected tenant', async (t) => {
  tenant(aSpec({ options: { protected: true } }))
  for (const url of ['/tenants/user123', '/tenants/user123?purge=true']) {
    t.match((await send('DELETE', url)).body, { status: 409, code: 'tenant-protected' })
  }
})

t.test('lists tenants page by page, each once, and the deleted ones only when asked', async (t) => {
  for (const userId of ['c', 'a', 'b']) tenant(aSpec({ userId }))
  tenant(aSpec({ userId: 'd', deletedAt: THEN }))
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await send('GET', `/tenants?limit=1&includeDeleted=true${cursor && `&cursor=${cursor}`}`)
    ids.push(...body.items.map(({ userId }: { userId: string }) => userId))
    cursor = body.nextCursor
  }
  t.same(ids, ['a', 'b', 'c', 'd'])
  t.equal((await send('GET', '/tenants?limit=1000')).body.items.length, 3)
  t.equal((await send('GET', '/tenants?limit=1&cursor=')).body.items[0].userId, 'a', 'an empty cursor is none')
  t.equal((await send('GET', '/tenants?state=deleted')).body.items.length, 1)
})

t.test('answers for operations by tenant and id', async (t) => {
  tenant()
  const { id } = aSpec().operation
  t.match((await send('GET', '/tenants/user123/operations')).body, { items: [{ id, state: 'succeeded', steps: [] }] })
  t.match((await send('GET', `/tenants/user123/operations/${id}`)).body, { id })
  t.match((await send('GET', '/tenants/user123/operations/none')).body, { status: 404, code: 'operation-not-found' })
})

t.test('goes on with a tenant whose last operation is one of a newer version', async (t) => {
  const newer = anOperation({ id: 'newer', type: 'backup' as never, state: 'cancelled' as never })
  tenant(aSpec({ operation: newer, ended: [newer] }))
  const history = [{ ...newer, id: 'old', steps: [] }, { bad: 'record' }]
  cluster.put(renderOperations('user123', JSON.stringify(history)))
  const { status, body } = await send('GET', '/tenants/user123')
  t.match([status, body.state, body.operation], [200, 'active', { type: 'other', state: 'failed' }])
  t.equal((await send('GET', '/tenants')).body.items.length, 1)
  t.equal((await send('POST', '/tenants/user123/suspend')).status, 202)
  const { items } = (await send('GET', '/tenants/user123/operations')).body
  t.same(items.map(({ type }: { type: string }) => type).sort(), ['other', 'other', 'suspend'])

  context.operations.put('user123', { ...anOperation({ id: 'after' }), steps: [] })
  await context.operations.flush()
  const { data } = cluster.get('ConfigMap', 'db-user123-operations', 'fluxiondb-user123') as V1ConfigMap
  const kept = JSON.parse(data!['operations.json']!) as { id?: string; type?: string }[]
  t.same(kept.map(({ id }) => id).sort(), ['after', 'old', undefined].sort(), 'nothing of the history is lost')
  t.equal(kept.find(({ id }) => id === 'old')?.type, 'backup', 'nor changed')
})
