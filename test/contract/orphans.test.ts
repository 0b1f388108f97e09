import t from 'tap'
import { annotations } from '../../src/manifests/labels.ts'
import { anOperation, aSpec, liveNamespace, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const GIB = 2 ** 30
const { cluster, send } = await testApp(t)

type Changes = Parameters<typeof aSpec>[0]

function tenant(userId: string, changes: Changes = {}): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(aSpec({ userId, ...changes }))
  for (const object of [...Object.values(objects), ...replicaSets, ...pods]) if (object) cluster.put(object)
}

function volume(
  userId: string,
  changes: { phase?: string; uid?: string; claim?: string; namespace?: string } = {},
): void {
  const { phase = 'Released', uid = 'of-a-claim-that-is-gone', claim: name = `db-${userId}-fluxiondb` } = changes
  const { namespace = `fluxiondb-${userId}` } = changes
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pv-${userId}` },
    spec: { capacity: { storage: '4Gi' }, claimRef: { namespace, name, uid } },
    status: { phase },
  }
  cluster.put(object)
}

const orphans = async () => (await send('GET', '/admin/orphans')).body
const cutOff = (startedAt: string) => ({ committed: false, operation: anOperation({ state: 'running', startedAt }) })
const LONG_AGO = '2020-01-01T00:00:00.000Z'

t.test('lists disks that a purge has left, with what they take up and what to do', async (t) => {
  volume('gone')
  const list = await orphans()
  t.match(list, {
    items: [
      { kind: 'PersistentVolume', name: 'pv-gone', userId: 'gone', reason: 'VolumeReleased', storageBytes: 4 * GIB },
    ],
    storageBytes: 4 * GIB,
  })
  t.match(list.items[0], { adopt: /volumeName: pv-gone/, purge: /^kubectl delete pv pv-gone/ })
})

t.test('lists the disk of an earlier tenant of the same id, and not that of this one', async (t) => {
  tenant('again')
  volume('again')
  t.match((await orphans()).items, [{ name: 'pv-again' }])
  const { uid } = cluster.get('PersistentVolumeClaim', 'db-again-fluxiondb', 'fluxiondb-again')!.metadata!
  // As for a moment while Kubernetes corrects itself.
  volume('again', { uid: uid! })
  t.same((await orphans()).items, [])
})

const OWNED: Record<string, Changes> = {
  'that runs': {},
  'that is suspended': { suspended: true },
  'that is deleted and kept': { deletedAt: LONG_AGO },
  'that is being purged': { deletedAt: LONG_AGO, purgeRequestedAt: LONG_AGO },
  'that is being created': cutOff(new Date().toISOString()),
}
for (const [what, changes] of Object.entries(OWNED)) {
  t.test(`never lists what belongs to a tenant ${what}`, async (t) => {
    tenant('owner', changes)
    const { uid } = cluster.get('PersistentVolumeClaim', 'db-owner-fluxiondb', 'fluxiondb-owner')!.metadata!
    volume('owner', { phase: 'Bound', uid: uid! })
    t.same((await orphans()).items, [])
  })
}

t.test('lists no volume of others', async (t) => {
  volume('bound', { phase: 'Bound' })
  volume('free', { phase: 'Available' })
  volume('operators', { claim: 'data' })
  volume('other', { namespace: 'shop' })
  t.same((await orphans()).items, [])
})

t.test('lists namespaces of ours without a record, and what a create has left that holds data', async (t) => {
  tenant('lost')
  const namespace = liveNamespace(aSpec({ userId: 'lost' }))
  const { [annotations.spec]: _, ...rest } = namespace.metadata!.annotations!
  cluster.put({ ...namespace, metadata: { ...namespace.metadata, annotations: rest } })
  tenant('cut', cutOff(LONG_AGO))
  cluster.put(liveNamespace(aSpec({ userId: 'empty', ...cutOff(LONG_AGO) })))
  const { items } = await orphans()
  t.match(
    items.map(({ name, reason }: Record<string, string>) => [name, reason]),
    [
      ['fluxiondb-cut', 'CreateCutOff'],
      ['fluxiondb-lost', 'NoRecord'],
    ],
  )
  t.ok(items.every(({ storageBytes }: { storageBytes: number }) => storageBytes === 4 * GIB))
})

t.test('a create goes on with what one before it has left, as the list says', async (t) => {
  tenant('cut', cutOff(LONG_AGO))
  t.match((await orphans()).items, [{ reason: 'CreateCutOff', adopt: /^POST \/tenants with this userId/ }])
  const claim = () => cluster.get('PersistentVolumeClaim', 'db-cut-fluxiondb', 'fluxiondb-cut')?.metadata?.uid
  const before = claim()
  t.equal((await send('POST', '/tenants', { body: { userId: 'cut', ramSize: '2Gi' } })).status, 202)
  t.same((await orphans()).items, [], 'it is a tenant now')
  t.equal(claim(), before, 'with the volume that was there')
})

t.test('lists neither a namespace whose record cannot be read, nor one that only bears a label', async (t) => {
  const namespace = liveNamespace(aSpec({ userId: 'later' }))
  cluster.put({
    ...namespace,
    metadata: { ...namespace.metadata, annotations: { [annotations.spec]: '{"version":99}' } },
  })
  cluster.put({ ...namespace, metadata: { name: 'shop', labels: namespace.metadata!.labels!, annotations: {} } })
  t.same((await orphans()).items, [])
})
