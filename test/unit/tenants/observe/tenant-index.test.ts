import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
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
