/** What a deletion waits for, and what is left after it, on a real cluster. */
import { join } from 'node:path'
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import t from 'tap'
import { DATABASE_PORT, namesFor } from '../../src/manifests/names.ts'
import { connect, type Database } from '../../tools/stand-in/client.ts'
import { apiOf, until, untilState } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { tenantAt } from '../helpers/resized-tenant.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const KEY = 'the-key-of-a-database'
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
const cluster = await testCluster()
const { core } = cluster.admin
const policy = join(t.testdir({ 'policy.json': '{"options":{"write":["storage.existingClaim"]}}' }), 'policy.json')
const service = await serve(t, cluster, { POLICY_FILE: policy })
const { api } = service
const userId = newUserId(t, cluster, 'leaving')
const { namespace, fullname } = namesFor(userId)

const deletion = async () => (await api('GET', `/tenants/${userId}/deletion`)).body
const create = async () => {
  await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: KEY })
  await untilState(api, userId, 'active')
}
const volumeOf = async () => {
  const claim = await core.readNamespacedPersistentVolumeClaim({ name: fullname, namespace })
  return claim.spec!.volumeName!
}
const left = async () => {
  const { items } = (await api('GET', '/admin/orphans')).body
  return items.filter((item: { userId: string }) => item.userId === userId)
}
const hold = (finalizers: string[] | null) =>
  core.patchNamespacedService({ name: fullname, namespace, body: { metadata: { finalizers } } }, MERGE)

await until('it knows the cluster', async () => (await api('GET', '/readyz')).status === 200)
await create()
const volume = await volumeOf()
if (cluster.runsPods) {
  const record = { col: 'c', doc: 'kept', ts: 1, data: 'of the tenant before' }
  await inDatabase(userId, (database) => database.insert(record))
}

t.test('a tenant that nobody deletes waits for nothing', async (t) => {
  t.match(await deletion(), { phase: 'none', requestedAt: null, remaining: [], next: [/Nobody has asked/] })
  t.same(await left(), [])
})

t.test('a deleted tenant is kept, says how it comes back, and leaves nothing without an owner', async (t) => {
  await api('DELETE', `/tenants/${userId}`)
  await untilState(api, userId, 'deleted')
  t.match(await deletion(), { phase: 'kept', requestedAt: String, remaining: [], next: [/undelete/, /purge=true/] })
  t.same(await left(), [])
})

t.test('a purge that is held up says by what, and goes on once that is over', async (t) => {
  await core.patchPersistentVolume({ name: volume, body: { spec: { persistentVolumeReclaimPolicy: 'Retain' } } }, MERGE)
  await hold(['example.com/hold'])
  t.teardown(() => hold(null).catch(() => {}))
  await api('DELETE', `/tenants/${userId}?purge=true`)
  const held = await until('it waits for the finalizer alone', async () => {
    const found = await deletion()
    return found.phase === 'removing' && found.remaining.length === 1 && found.namespace.conditions.length > 0 && found
  })
  t.match(held, {
    namespace: { name: namespace, removedSince: String },
    remaining: [{ object: `Service ${fullname}`, removedSince: String, finalizers: ['example.com/hold'] }],
    next: [`Service ${fullname} waits for example.com/hold, which its controller has to take away.`],
  })
  t.match(held.namespace.conditions, [{ type: /^Namespace/, message: /example\.com\/hold|services/ }])
  await hold(null)
  await until('it is gone', async () => (await api('GET', `/tenants/${userId}/deletion`)).status === 404)
})

t.test('a disk that the purge has kept is found, by an operator only, until it is removed', async (t) => {
  const found = await until('it is released', async () => {
    const items = await left()
    return items.length > 0 && items
  })
  t.match(found, [{ kind: 'PersistentVolume', name: volume, reason: 'VolumeReleased', storageBytes: 256 * 2 ** 20 }])
  const reader = await service.addCredential({ name: 'reader', scopes: ['read'] })
  await until('the reader is known', async () => (await apiOf(service, reader)('GET', '/tenants')).status === 200)
  t.equal((await apiOf(service, reader)('GET', '/admin/orphans')).status, 403)
  await create()
  t.not(await volumeOf(), volume, 'a new tenant of that id gets a disk of its own')
  t.match(await left(), [{ name: volume }])
  t.equal((await left()).length, 1)
})

t.test('such a disk is made use of as its line says, with what is on it', { skip: withoutPods(cluster) }, async (t) => {
  const heir = newUserId(t, cluster, 'heir')
  const names = namesFor(heir)
  const [{ adopt }] = await left()
  const [, patch] = /--type=json -p '(.*?)'/.exec(adopt)!
  const JSON_PATCH = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch)
  await core.patchPersistentVolume({ name: volume, body: JSON.parse(patch!) }, JSON_PATCH)
  const labels = { 'fluxiondb.com/prepared-for': heir }
  await core.createNamespace({ body: { metadata: { name: names.namespace, labels } } })
  const spec = {
    volumeName: volume,
    storageClassName: cluster.storageClasses.expanding,
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '256Mi' } },
  }
  const body = { metadata: { name: 'kept' }, spec }
  await core.createNamespacedPersistentVolumeClaim({ namespace: names.namespace, body })
  const options = { storage: { existingClaim: 'kept' } }
  const { status } = await api('POST', '/tenants', { userId: heir, ramSize: '128Mi', apiKey: KEY, options })
  t.equal(status, 202)
  await untilState(api, heir, 'active')
  t.match(await documentsOf(heir), { kept: { data: 'of the tenant before' } })
  t.same(await left(), [], "and it is nobody's no more")
  await core.patchPersistentVolume({ name: volume, body: { spec: { persistentVolumeReclaimPolicy: 'Delete' } } }, MERGE)
})

/** Through the pod, as its clients do. */
async function inDatabase<T>(of: string, work: (database: Database) => Promise<T>): Promise<T> {
  const { status } = await tenantAt(cluster, api, of).pod()
  const database = await connect({ url: `ws://${status!.podIP}:${DATABASE_PORT}`, key: KEY })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
const documentsOf = (of: string) => inDatabase(of, (database) => database.query({ col: 'c' }))
