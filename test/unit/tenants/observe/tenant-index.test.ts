import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import { bytesOf } from '../../../../src/sizing/quantity.ts'
import type { State } from '../../../../src/tenants/observe/state.ts'
import { TenantIndex } from '../../../../src/tenants/observe/tenant-index.ts'
import { FakeCluster } from '../../../helpers/fake-cluster.ts'
import { aSpec, liveNamespace, readyPod } from '../../../helpers/observed.ts'

/** A tenant without a pod, whose state is `degraded`, until it has one. */
const put = (cluster: FakeCluster, userId: string) => cluster.put(liveNamespace(aSpec({ userId })))

function shown({ tenants }: FakeCluster, after?: string): string[] {
  return [...tenants.states(after)].map(([userId, state]) => `${userId} ${state}`)
}

t.test('knows every tenant by its id, in order, and how many are in which state', async (t) => {
  const cluster = new FakeCluster()
  for (const userId of ['m', 'b', 'z', 'a']) put(cluster, userId)
  t.same(shown(cluster), ['a degraded', 'b degraded', 'm degraded', 'z degraded'])
  cluster.put(readyPod(aSpec({ userId: 'm' })))
  t.same(shown(cluster, 'b'), ['m active', 'z degraded'])
  const counts = (...states: State[]) => states.map((state) => cluster.tenants.count(state))
  t.same(counts('active', 'degraded', 'failed'), [1, 3, 0])
  await cluster.apis.core.deleteNamespace({ name: 'fluxiondb-m' })
  t.same(shown(cluster, 'b'), ['z degraded'])
  t.same(counts('active', 'degraded'), [0, 3])
  t.equal(cluster.tenants.get('m'), undefined)
  t.equal(cluster.tenants.get('a')?.spec.userId, 'a')
})

t.test('sums what tenants were promised and what they have, and takes off what has gone', async (t) => {
  const cluster = new FakeCluster()
  const GiB = 1024 ** 3
  const sums = () => {
    const { ram, storage } = cluster.tenants.sizes
    return [ram.promised / GiB, ram.inForce / GiB, storage.promised / GiB, storage.inForce / GiB]
  }
  t.same(sums(), [0, 0, 0, 0])
  for (const userId of ['a', 'b']) put(cluster, userId)
  const one = aSpec({ userId: 'a' })
  const [ram, storage] = [one.desired.ramSize, one.desired.storageSize].map((size) => Number(bytesOf(size)) / GiB)
  t.same(sums(), [2 * ram!, 0, 2 * storage!, 0])
  cluster.put(readyPod(one))
  t.same(sums(), [2 * ram!, ram, 2 * storage!, 0], 'a pod has what its container reports')
  cluster.put(liveNamespace(aSpec({ userId: 'b', deletedAt: '2026-01-01T00:00:00Z' })))
  t.same(sums(), [ram, ram, 2 * storage!, 0], 'the volume of a deleted tenant is kept')
  for (const userId of ['a', 'b']) await cluster.apis.core.deleteNamespace({ name: `fluxiondb-${userId}` })
  t.same(sums(), [0, 0, 0, 0])
})

t.test('a page goes on behind an id that has gone meanwhile', async (t) => {
  const cluster = new FakeCluster()
  for (const userId of ['a', 'c']) put(cluster, userId)
  for (const [after, first] of [
    ['', 'a'],
    ['a', 'c'],
    ['b', 'c'],
    ['c', undefined],
    ['zz', undefined],
  ] as const) {
    t.equal(shown(cluster, after)[0]?.split(' ')[0], first, after)
  }
})

t.test('leaves out whose record cannot be read, and tells of it once for each change', async (t) => {
  const cluster = new FakeCluster()
  const told: string[] = []
  const tenants = new TenantIndex(cluster.cache, (userId, at) => told.push(`${userId}${at}`))
  const namespace = liveNamespace(aSpec({ userId: 'a' }))
  const damaged = { ...namespace.metadata, annotations: { [annotations.spec]: '{"userId":1}' } }
  cluster.put({ ...namespace, metadata: damaged })
  t.same([...tenants.states()], [])
  t.equal(tenants.get('a'), undefined)
  t.same(told, ['a/generation'])
  cluster.put(namespace)
  t.equal(tenants.get('a')?.state, 'degraded')
  const others = { ...namespace.metadata, labels: {} }
  cluster.put({ ...namespace, metadata: others })
  t.same([...tenants.states()], [], 'nor is a namespace shown that is not ours any more')
})
