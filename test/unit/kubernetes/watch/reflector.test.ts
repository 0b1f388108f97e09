import t, { type Test } from 'tap'
import { Reflector } from '../../../../src/kubernetes/watch/reflector.ts'
import { RESOURCES, reduced } from '../../../../src/kubernetes/watch/resources.ts'
import { Store } from '../../../../src/kubernetes/watch/store.ts'
import { until } from '../../../helpers/api.ts'
import { aPod, startFakeWatchServer } from './fake-watch-server.ts'

async function reflected(t: Test, ...names: string[]) {
  const server = await startFakeWatchServer(t)
  server.state.pods = names.map((name) => aPod(name, 1))
  const store = new Store()
  const changed: string[] = []
  const failures: string[] = []
  const reflector = new Reflector({
    raw: server.raw,
    resource: RESOURCES.pods,
    reduce: (object) => reduced(object, RESOURCES.pods),
    store,
    onChange: (namespace) => changed.push(namespace),
    onFailure: (error) => failures.push((error as Error).message),
  })
  const stopping = new AbortController()
  const ended = reflector.run(stopping.signal)
  t.teardown(async () => {
    stopping.abort()
    await ended
  })
  const watched = () => until('it watches', async () => server.watching() === 1)
  await watched()
  const known = () =>
    store
      .list()
      .map(({ metadata }) => `${metadata!.name}@${metadata!.resourceVersion}`)
      .sort()
  return { ...server, store, changed, failures, reflector, watched, known, stopping, ended }
}

t.test('lists in pages, keeps what is used, and goes on from there', async (t) => {
  const names = Array.from({ length: 450 }, (_, index) => `p${index}`)
  const { reflector, store, lists, watches, changed } = await reflected(t, ...names)
  t.ok(reflector.synced)
  t.equal(store.list().length, 450)
  t.same(
    lists.map((query) => query.get('continue')),
    [null, '200', '400'],
  )
  t.equal(new Set(changed).size, 450)
  t.match(store.get('p7', 'ns-p7'), { apiVersion: 'v1', kind: 'Pod', metadata: { managedFields: undefined } })
  t.equal(watches[0]!.get('resourceVersion'), '1')
  t.equal(watches[0]!.get('allowWatchBookmarks'), 'true')
})

t.test('takes what it is told: new, changed, gone, or not ours any more', async (t) => {
  const { tell, known, changed, reflector } = await reflected(t, 'a', 'b')
  changed.length = 0
  tell('ADDED', aPod('c', 2))
  tell('MODIFIED', aPod('a', 3))
  tell('DELETED', aPod('b', 4))
  tell('BOOKMARK', { metadata: { resourceVersion: '9' } })
  await until('all is told', async () => changed.length === 3)
  t.same(known(), ['a@3', 'c@2'])
  t.same(changed, ['ns-c', 'ns-a', 'ns-b'])
  tell('MODIFIED', aPod('a', 10, 'uid-a', { 'app.kubernetes.io/name': 'other' }))
  await until('it is gone', async () => known().length === 1)
  t.ok(reflector.silentMs! < 5000)
})

for (const how of ['end', 'destroy'] as const) {
  t.test(`goes on from the last version after a watch that was ${how}ed, and lists nothing anew`, async (t) => {
    const { tell, end, known, watched, watches, lists, changed } = await reflected(t, 'a')
    tell('BOOKMARK', { metadata: { resourceVersion: '7' } })
    tell('MODIFIED', aPod('a', 5))
    tell('BOOKMARK', { metadata: { resourceVersion: '8' } })
    await until('it is told', async () => known()[0] === 'a@5')
    changed.length = 0
    end(how)
    await until('it watches again', async () => watches.length === 2)
    await watched()
    t.equal(watches[1]!.get('resourceVersion'), '8')
    t.equal(lists.length, 1)
    t.same(changed, [])
  })
}

t.test('lists again when its version is forgotten, and tells of what has come and gone meanwhile', async (t) => {
  for (const isTold of [true, false]) {
    const { state, tell, end, known, watches, lists, changed } = await reflected(t, 'a', 'b', 'c')
    changed.length = 0
    state.pods = [aPod('a', 1), aPod('b', 6), aPod('d', 7)]
    state.version = 8
    if (isTold) tell('ERROR', { kind: 'Status', code: 410, reason: 'Expired' })
    else {
      state.refusals.push(410)
      end('end')
    }
    await until('it has listed again', async () => lists.length === 2 && known().length === 3)
    t.same(known(), ['a@1', 'b@6', 'd@7'])
    await until('it watches again', async () => watches.at(-1)!.get('resourceVersion') === '8')
    t.same(changed.sort(), ['ns-b', 'ns-c', 'ns-d'])
  }
})

t.test('tells of no failure that a moment mends, and outlives all others', async (t) => {
  const { state, tell, end, known, failures, watched } = await reflected(t, 'a')
  state.refusals.push(500, 401, 403)
  end('destroy')
  await until('it has failed', async () => failures.length >= 4)
  await watched()
  tell('MODIFIED', aPod('a', 2))
  await until('it is told', async () => known()[0] === 'a@2')
})

t.test('does not start a watch at once that is ended at once', async (t) => {
  const { state, end, watches } = await reflected(t, 'a')
  state.endsWatches = true
  end('end')
  await new Promise((resolve) => setTimeout(resolve, 300))
  t.ok(watches.length < 12, `${watches.length} watches`)
})

t.test('begins anew when versions do, as in a cluster that was restored', async (t) => {
  const { state, tell, known, lists, changed, watches, watching } = await reflected(t)
  state.pods = [aPod('a', 900)]
  state.version = 1000
  tell('ERROR', { code: 410 })
  await until('it has listed again', async () => known()[0] === 'a@900')
  await until('it watches again', async () => watches.length === 2 && watching() === 1)
  changed.length = 0
  state.pods = [aPod('b', 20)]
  state.version = 30
  tell('ERROR', { code: 410 })
  await until('it has listed again', async () => lists.length === 3 && known()[0] === 'b@20')
  t.same(changed.sort(), ['ns-a', 'ns-b'])
})

t.test('ends with its signal', async (t) => {
  const { stopping, ended, failures } = await reflected(t, 'a')
  stopping.abort()
  await t.resolves(ended)
  t.same(failures, [])
})
