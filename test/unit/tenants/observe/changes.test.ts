import t from 'tap'
import { Listeners } from '../../../../src/kubernetes/watch/listeners.ts'
import { changesOf } from '../../../../src/tenants/observe/changes.ts'

/** Far longer than the test's own time limit: what waits this long has missed its change. */
const FOREVER = 3_600_000

function watched(namespace = 'mine') {
  const source = new Listeners()
  return { source, changes: changesOf(source, namespace) }
}

t.test('resolves at a change of the namespace', async (t) => {
  const { source, changes } = watched()
  const next = changes.next(FOREVER)
  source.tell('mine')
  await t.resolves(next)
})

t.test('misses no change between two calls', async (t) => {
  const { source, changes } = watched()
  source.tell('mine')
  await t.resolves(changes.next(FOREVER), 'a change before the first call')
  source.tell('mine')
  source.tell('mine')
  await t.resolves(changes.next(FOREVER), 'changes between two calls')
})

t.test('tells of each change once', async (t) => {
  const { source, changes } = watched()
  source.tell('mine')
  await changes.next(FOREVER)
  const started = performance.now()
  await changes.next(20)
  t.ok(performance.now() - started >= 19, 'the second call waited for all of its time')
})

t.test('is not woken by another namespace', async (t) => {
  const { source, changes } = watched()
  const started = performance.now()
  const next = changes.next(20)
  source.tell('other')
  await next
  t.ok(performance.now() - started >= 19, 'it waited for all of its time')
})

t.test('gives up when its time is over', async (t) => {
  await t.resolves(watched().changes.next(1))
})

t.test('gives up when it is told to, before or while it waits', async (t) => {
  const { changes } = watched()
  await t.resolves(changes.next(FOREVER, AbortSignal.abort()))
  const controller = new AbortController()
  const next = changes.next(FOREVER, controller.signal)
  controller.abort()
  await t.resolves(next)
})

t.test('lets go of its source and of who waits when it is stopped', async (t) => {
  const { source, changes } = watched()
  const next = changes.next(FOREVER)
  t.equal(source.size, 1)
  changes.stop()
  await t.resolves(next)
  t.equal(source.size, 0)
})
