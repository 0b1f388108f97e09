import t from 'tap'
import { Rests } from '../../../../src/tenants/reconcile/rests.ts'

t.test('lets a tenant rest for twice as long each time, up to a bound that is lower under an operation', async (t) => {
  const rests = new Rests()
  const times = (userId: string, work: 'operation' | 'repair') =>
    Array.from({ length: 12 }, () => rests.begin(userId, 'one', work) / 1000)
  t.same(times('a', 'repair'), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
  t.same(times('b', 'operation'), [1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30])
})

t.test('a new operation, and a pass that goes well, end the rest', async (t) => {
  const rests = new Rests()
  t.equal(rests.left('a', 'one'), 0)
  rests.begin('a', 'one', 'repair')
  rests.begin('a', 'one', 'repair')
  t.ok(rests.left('a', 'one') > 1000)
  t.equal(rests.left('a', 'two'), 0)
  t.equal(rests.left('b', 'one'), 0)
  t.equal(rests.begin('a', 'two', 'repair'), 1000)
  rests.end('a')
  t.equal(rests.left('a', 'two'), 0)
})
