import t from 'tap'
import { BoundedMap } from '../../../../src/tenants/record/bounded-map.ts'

t.test('a bounded map forgets what was set longest ago', async (t) => {
  const map = new BoundedMap<number>(2)
  map.set('a', 1).set('b', 2).set('a', 3).set('c', 4)
  t.strictSame(
    [...map],
    [
      ['a', 3],
      ['c', 4],
    ],
  )
  map.delete('a')
  map.set('d', 5)
  t.strictSame([...map.keys()], ['c', 'd'])
})
