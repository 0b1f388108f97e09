import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { PRIORITIES, WorkQueue } from '../../../../src/tenants/reconcile/queue.ts'

function newQueue() {
  const told = { times: 0 }
  const queue = new WorkQueue(() => told.times++)
  const takeAll = () => {
    const keys: string[] = []
    for (let key = queue.take(); key !== undefined; key = queue.take()) keys.push(key)
    return keys
  }
  return { queue, told, takeAll }
}

t.test('gives what callers have asked for first, then repairs, then the resync, each in its order', async (t) => {
  const { queue, takeAll, told } = newQueue()
  queue.add('a', 'resync')
  queue.add('b', 'repair')
  queue.add('c', 'operation')
  queue.add('d', 'operation')
  t.equal(told.times, 4)
  t.same(takeAll(), ['c', 'd', 'b', 'a'])
})

t.test('holds a key once, at the highest priority that it was added with', async (t) => {
  const { queue, takeAll } = newQueue()
  queue.add('a', 'repair')
  queue.add('a', 'resync')
  queue.add('b', 'repair')
  queue.add('b', 'operation')
  t.same(
    PRIORITIES.map((priority) => queue.depth(priority)),
    [1, 1, 0],
  )
  t.same(takeAll(), ['b', 'a'])
})

t.test('gives no key to two workers: one that is added meanwhile comes once more afterwards', async (t) => {
  const { queue, takeAll } = newQueue()
  queue.add('a', 'repair')
  t.same(takeAll(), ['a'])
  queue.add('a', 'resync')
  queue.add('a', 'operation')
  t.same(takeAll(), [])
  queue.done('a')
  t.equal(queue.depth('operation'), 1)
  t.same(takeAll(), ['a'])
  queue.done('a')
  t.same(takeAll(), [])
})

t.test(
  'a delayed key comes when it is due, at the earlier of two times, and once if it was added before',
  async (t) => {
    const { queue, takeAll } = newQueue()
    queue.addAfter('a', 'repair', 20)
    queue.addAfter('a', 'repair', 60_000)
    queue.addAfter('b', 'repair', 60_000)
    queue.addAfter('b', 'operation', 20)
    queue.addAfter('c', 'repair', 20)
    queue.add('c', 'operation')
    t.same(takeAll(), ['c'])
    queue.done('c')
    await sleep(60)
    t.same(takeAll(), ['b', 'a'])
  },
)

t.test('a delay counts for nothing where the key was added meanwhile', async (t) => {
  const { queue, takeAll } = newQueue()
  queue.add('a', 'operation')
  t.same(takeAll(), ['a'])
  queue.add('a', 'operation')
  queue.addAfter('a', 'operation', 60_000)
  queue.done('a')
  t.same(takeAll(), ['a'])
})

t.test('tells how long the oldest key has waited, and forgets all', async (t) => {
  const { queue, takeAll } = newQueue()
  t.ok(queue.age('operation') < 1, 'nothing waits')
  queue.add('a', 'operation')
  await sleep(20)
  queue.add('b', 'operation')
  queue.addAfter('c', 'repair', 5)
  t.ok(queue.age('operation') >= 15)
  queue.clear()
  await sleep(20)
  t.same(takeAll(), [])
})
