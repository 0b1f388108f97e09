import t, { type Test } from 'tap'
import type { Answer } from '../../../../src/kubernetes/http.ts'
import { WatchCache } from '../../../../src/kubernetes/watch/cache.ts'
import { createLogger } from '../../../../src/logger.ts'
import { aPod, startFakeWatchServer } from './fake-watch-server.ts'

const PATH = '/api/v1/namespaces/ns-a/pods/a'

/** One that has not begun to watch: all that it knows is what this process has written. */
async function unwatched(t: Test) {
  const server = await startFakeWatchServer(t)
  const cache = new WatchCache(server.raw, createLogger('silent'))
  const changed: string[] = []
  cache.on('change', (namespace) => changed.push(namespace))
  const version = () => cache.get('pods', 'a', 'ns-a')?.metadata?.resourceVersion
  return { ...server, cache, changed, version }
}

t.test('knows what this process has written as soon as that is answered', async (t) => {
  const { cache, changed, version } = await unwatched(t)
  cache.written({ method: 'POST', path: PATH, object: aPod('a', 3) })
  t.equal(version(), '3')
  cache.written({ method: 'PATCH', path: `${PATH}/resize`, object: aPod('a', 4) })
  t.equal(version(), '4')
  cache.written({ method: 'PATCH', path: PATH, object: aPod('a', 2) })
  t.equal(version(), '4', 'of two answers that overtake each other the newer one')
  t.same(changed, ['ns-a', 'ns-a'])
  t.equal(cache.get('pods', 'a', 'ns-a')?.metadata?.managedFields, undefined)
})

t.test('knows what this process has deleted, be it at once or in a while', async (t) => {
  const going = aPod('a', 5)
  const gone = {
    kind: 'Status',
    status: 'Success',
    details: { name: 'a', kind: 'pods', uid: 'uid-a' },
  } as Answer['object']
  Object.assign(going.metadata, { deletionTimestamp: '2026-01-01T00:00:00Z' })
  const { cache, version } = await unwatched(t)
  cache.written({ method: 'POST', path: PATH, object: aPod('a', 3) })
  cache.written({ method: 'DELETE', path: PATH, object: going })
  t.ok(cache.get('pods', 'a', 'ns-a')?.metadata?.deletionTimestamp)
  cache.written({ method: 'DELETE', path: PATH, object: gone })
  t.equal(version(), undefined)
})

t.test('keeps once what objects have in common, whichever way they came', async (t) => {
  const { cache, state } = await unwatched(t)
  cache.written({ method: 'POST', path: PATH, object: aPod('a', 3) })
  state.pods = [aPod('b', 7)]
  state.version = 9
  await cache.refresh('pods', 'ns-b')
  cache.written({ method: 'POST', path: PATH.replace('pods/a', 'pods/c'), object: aPod('c', 8) })
  const [first, ...others] = cache.list('pods').map(({ metadata }) => metadata?.labels)
  t.equal(others.length, 2)
  for (const labels of others) t.equal(labels, first, 'the very same')
})

t.test('takes no answer that is about something else', async (t) => {
  const { cache, changed } = await unwatched(t)
  const other = aPod('a', 3, 'uid-a', { 'app.kubernetes.io/name': 'other' })
  cache.written({ method: 'PATCH', path: PATH, object: other })
  cache.written({ method: 'PATCH', path: '/apis/example.com/v1/namespaces/ns-a/pods/a', object: aPod('a', 3) })
  cache.written({ method: 'POST', path: `${PATH}/eviction/undefined`, object: { kind: 'Status' } as Answer['object'] })
  cache.written({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/undefined',
    object: {},
  })
  t.same(changed, [])
  cache.written({ method: 'PATCH', path: PATH, object: aPod('a', 4) })
  cache.written({
    method: 'PATCH',
    path: PATH,
    object: { ...other, metadata: { ...other.metadata, resourceVersion: '5' } },
  })
  t.same(cache.list('pods'), [], 'what is not selected any more is gone')
})

t.test('reads one resource of one namespace anew, and says if it fails', async (t) => {
  const { cache, state, lists, version } = await unwatched(t)
  state.pods = [aPod('a', 7)]
  state.version = 9
  await cache.refresh('pods', 'ns-a')
  t.equal(version(), '7')
  t.equal(lists[0]!.get('labelSelector'), 'app.kubernetes.io/name=fluxiondb')
  await cache.refresh('namespaces', 'ns-a')
  t.equal(lists[1]!.get('fieldSelector'), 'metadata.name=ns-a')
  state.refusals.push(404)
  await t.rejects(cache.refresh('pods', 'ns-a'), { name: 'KubernetesError', status: 404 })
  t.equal(version(), '7')
})

t.test('reads one object anew by its name, and everything where it is not there', async (t) => {
  const { cache, state, lists, version } = await unwatched(t)
  state.pods = [aPod('a', 7)]
  state.version = 9
  await cache.refresh('pods', 'ns-a', 'a')
  t.equal(version(), '7')
  t.equal(lists.length, 0)
  state.pods = []
  await cache.refresh('pods', 'ns-a', 'a')
  t.equal(version(), undefined)
  t.equal(lists.length, 1)
})

t.test('has an age for each resource, and is complete when all are listed', async (t) => {
  const { cache } = await unwatched(t)
  t.equal(cache.synced, false)
  t.same(new Set(Object.values(cache.ages)), new Set([null]))
  cache.start()
  t.teardown(() => cache.stop())
  while (!cache.synced) await new Promise((resolve) => setTimeout(resolve, 5))
  t.ok(Object.values(cache.ages).every((age) => age !== null && age < 5))
})
