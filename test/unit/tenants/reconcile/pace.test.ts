import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { Pace } from '../../../../src/tenants/reconcile/pace.ts'

t.test('lets those who wait go on one by one, with a turn of the event loop for others between', async (t) => {
  const pace = new Pace()
  let turns = 0
  let isOver = false
  const others = (async () => {
    for (; !isOver; turns++) await turn()
  })()
  const order: number[] = []
  const works = Array.from({ length: 50 }, async (_, index) => {
    await pace.keep()
    order.push(index)
    for (const until = performance.now() + 1; performance.now() < until; );
  })
  await Promise.all(works)
  isOver = true
  await others
  t.strictSame(
    order,
    Array.from({ length: 50 }, (_, index) => index),
    'in the order in which they came',
  )
  t.ok(turns >= 49, `others had ${turns} turns`)
})

t.test('rests once so much was done', async (t) => {
  const pace = new Pace(5, 20)
  const startedAt = performance.now()
  for (let work = 0; work < 4; work++) {
    await pace.keep()
    for (const until = performance.now() + 6; performance.now() < until; );
  }
  t.ok(performance.now() - startedAt >= 3 * 20, 'a rest after each')
})
