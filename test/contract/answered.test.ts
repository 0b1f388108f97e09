/** A write that is made is answered as made, whatever becomes of the cluster, the tenant or the caller right after it. */
import type { KubernetesObject } from '@kubernetes/client-node'
import t from 'tap'
import { KubernetesError } from '../../src/kubernetes/errors.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { ownerAnnotation } from '../../src/tenants/record/ownership.ts'
import type { Spec } from '../../src/tenants/record/spec.ts'
import { aSpec, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, send } = await testApp(t)
const NAME = 'fluxiondb-user123'
const THEN = '2026-01-02T00:00:00.000Z'
const UNREACHABLE = new KubernetesError(0, 'Unreachable', 'the API server could not be reached: ECONNREFUSED')
const FORBIDDEN = new KubernetesError(403, 'Forbidden', 'User "x" cannot get resource "deployments"')

function tenant(spec: Spec = aSpec()): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(spec)
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
  cluster.put(renderSecret(spec.userId, 'the-key-of-the-database', ownerAnnotation(spec.operation)))
}

/** From the moment that a write of this kind is made. */
function failAfter(written: string, failure: Error, isMade: () => boolean): void {
  cluster.fails = (verb, kind) => {
    if (isMade() && !(verb === 'patch' && kind === written)) return failure
    return undefined
  }
}

const generation = () => {
  const record = cluster.get('Namespace', NAME)?.metadata?.annotations?.['fluxiondb.com/spec']
  return record === undefined ? undefined : (JSON.parse(record).generation as number)
}

for (const failure of [UNREACHABLE, FORBIDDEN]) {
  t.test(
    `a create is answered with its generated key, though nothing can be read any more (${failure.reason})`,
    async (t) => {
      failAfter('Namespace', failure, () => cluster.get('Secret', 'db-user123-fluxiondb-secrets', NAME) !== undefined)
      const { status, headers, body } = await send('POST', '/tenants', { body: { userId: 'user123', ramSize: '1Gi' } })
      t.equal(status, 202)
      t.match(body, { userId: 'user123', state: 'creating', apiKey: /^[\w-]{43}$/, operation: { type: 'create' } })
      t.match(headers, { etag: /^".+-1"$/, location: 'tenants/user123' })
    },
  )

  t.test(`each change is answered, though nothing can be read any more (${failure.reason})`, async (t) => {
    for (const [method, path, body, spec] of [
      ['PATCH', '/ram', { ramSize: '1Gi' }],
      ['PATCH', '', { options: { labels: { team: 'blue' } } }],
      ['PUT', '', { ramSize: '1Gi' }],
      ['POST', '/suspend'],
      ['POST', '/resume', undefined, aSpec({ suspended: true })],
      ['POST', '/restart'],
      ['DELETE', ''],
      ['DELETE', '?purge=true'],
      ['POST', '/undelete', undefined, aSpec({ deletedAt: THEN })],
    ] as const) {
      cluster.clear()
      tenant(spec)
      failAfter('Namespace', failure, () => generation() === 2)
      const { status, body: answered } = await send(method, `/tenants/user123${path}`, body ? { body } : {})
      t.equal(status, 202, `${method} ${path}`)
      t.match(answered, { generation: 2, operation: { state: 'running' } })
    }
  })
}

t.test('who waits is answered with what was recorded, though the cluster does not answer meanwhile', async (t) => {
  tenant()
  failAfter('Namespace', UNREACHABLE, () => generation() === 2)
  const { status, body } = await send('POST', '/tenants/user123/suspend', { headers: { prefer: 'wait=1' } })
  t.equal(status, 202)
  t.match(body, { generation: 2, operation: { type: 'suspend', state: 'running' } })
})

t.test('who waits for a create is told if the tenant is removed meanwhile', async (t) => {
  const answer = send('POST', '/tenants', {
    body: { userId: 'user123', ramSize: '1Gi' },
    headers: { prefer: 'wait=5' },
  })
  while (generation() === undefined || !cluster.get('Secret', 'db-user123-fluxiondb-secrets', NAME)) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await cluster.apis.core.deleteNamespace({ name: NAME })
  t.match((await answer).body, { status: 409, code: 'tenant-deleting' })
})

t.test('a create again is not promised a tenant that is being taken back', async (t) => {
  const create = { body: { userId: 'user123', ramSize: '1Gi' }, headers: { 'idempotency-key': 'once' } }
  cluster.fails = (verb, kind) => (verb === 'create' && kind === 'Secret' ? UNREACHABLE : undefined)
  t.equal((await send('POST', '/tenants', create)).status, 503)
  // A remover wins the Secret's name again and again.
  cluster.fails = (verb, kind) =>
    verb === 'replace' && kind === 'Secret' ? new KubernetesError(409, 'Conflict', 'it has changed') : undefined
  const annotations = { 'fluxiondb.com/operation': '{"tombstone":"2026-01-01T00:00:00.000Z"}' }
  cluster.put({ kind: 'Secret', metadata: { name: 'db-user123-fluxiondb-secrets', namespace: NAME, annotations } })
  t.match((await send('POST', '/tenants', create)).body, { status: 409, code: 'tenant-deleting', retryable: true })
})

t.test('says what purging does to the disk, though the watches have not told of its claim yet', async (t) => {
  tenant()
  cluster.put({ kind: 'PersistentVolumeClaim', ...withVolume() })
  cluster.put({ kind: 'PersistentVolume', metadata: { name: 'pv-1' }, spec: RETAINED } as KubernetesObject)
  const { cache } = cluster
  const get = cache.get.bind(cache)
  const behind = {
    synced: false,
    get: (...asked: [never, never]) => (asked[0] === 'claims' ? undefined : get(...asked)),
  }
  Object.assign(cache, behind)
  t.teardown(() => Object.assign(cache, { synced: true, get }))
  const { status, body } = await send('DELETE', '/tenants/user123')
  t.equal(status, 202)
  t.match(body.notes, [/Purging keeps the disk: its volume pv-1 has the reclaim policy Retain/])
})

const RETAINED = { persistentVolumeReclaimPolicy: 'Retain' }
function withVolume() {
  const { claim } = observed(aSpec())
  return { ...claim!, spec: { ...claim!.spec, volumeName: 'pv-1' } }
}
