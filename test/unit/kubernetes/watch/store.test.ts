import t from 'tap'
import { Store } from '../../../../src/kubernetes/watch/store.ts'
import { aPod } from './fake-watch-server.ts'

const versions = (store: Store<ReturnType<typeof aPod>>) =>
  store.list().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)

t.test('keeps the newest version of each object, in whatever order they come', async (t) => {
  const store = new Store<ReturnType<typeof aPod>>()
  t.equal(store.put(aPod('a', 9)), true)
  t.equal(store.put(aPod('a', 10)), true, 'versions are numbers')
  t.equal(store.put(aPod('a', 10)), false)
  t.equal(store.put(aPod('a', 9)), false)
  t.same(versions(store), ['a@10'])
  t.equal(store.get('a', 'ns-a')?.metadata.resourceVersion, '10')
  t.same(store.list('ns-b'), [])
})

t.test('takes away the object that is gone, and no other of its name', async (t) => {
  const store = new Store<ReturnType<typeof aPod>>()
  store.put(aPod('a', 5, 'second'))
  t.equal(store.gone(aPod('a', 4, 'first')), false)
  t.same(versions(store), ['a@5'])
  t.equal(store.gone(aPod('a', 6, 'second')), true)
  t.same(versions(store), [])
})

t.test('does not bring back what this service has deleted, though the watch is late', async (t) => {
  const store = new Store<ReturnType<typeof aPod>>()
  store.put(aPod('a', 5))
  t.equal(store.delete({ name: 'a', namespace: 'ns-a', uid: 'uid-a' }), true)
  t.equal(store.put(aPod('a', 6)), false)
  store.replace([aPod('a', 6)], 7)
  t.same(versions(store), [])
  store.gone(aPod('a', 8))
  t.equal(store.put(aPod('a', 9, 'another')), true)
})

t.test('a list takes the place of what was known, but for what was written here since', async (t) => {
  const store = new Store<ReturnType<typeof aPod>>()
  for (const pod of [aPod('old', 1), aPod('same', 2), aPod('mine', 12), aPod('made', 13)]) store.put(pod)
  const changed = store.replace([aPod('same', 2), aPod('mine', 4), aPod('new', 5)], 10)
  t.same(versions(store).sort(), ['made@13', 'mine@12', 'new@5', 'same@2'])
  t.same(changed.sort(), ['ns-new', 'ns-old'])
})

t.test('a list of one namespace concerns no other', async (t) => {
  const store = new Store<ReturnType<typeof aPod>>()
  for (const pod of [aPod('a', 1), aPod('b', 1)]) store.put(pod)
  t.equal(store.replaceIn('ns-a', [aPod('a', 1)], 5), false)
  t.equal(store.replaceIn('ns-a', [], 5), true)
  t.same(versions(store), ['b@1'])
})
