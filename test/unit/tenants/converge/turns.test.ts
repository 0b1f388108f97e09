import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { type Priority, Turns } from '../../../../src/tenants/converge/turns.ts'

t.test('lets so many work at once, and of those who wait first the ones that callers wait for', async (t) => {
  const turns = new Turns(2)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string, priority: Priority) =>
    turns.take(priority, () => {
      begun.push(name)
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
    })
  const all = [work('a', 'repair'), work('b', 'repair'), work('c', 'repair'), work('d', 'operation')]
  await turn()
  t.same(begun, ['a', 'b'])
  ends.get('b')!()
  await turn()
  t.same(begun, ['a', 'b', 'd'])
  ends.get('a')!()
  await turn()
  t.same(begun, ['a', 'b', 'd', 'c'])
  for (const end of ends.values()) end()
  t.same(await Promise.all(all), ['a', 'b', 'c', 'd'])
  t.equal(await turns.take('repair', async () => 'e'), 'e', 'all turns are free again')
})

t.test('a turn is free again after a failure', async (t) => {
  const turns = new Turns(1)
  await t.rejects(
    turns.take('operation', () => Promise.reject(new Error('no'))),
    /no/,
  )
  t.equal(await turns.take('operation', async () => 1), 1)
})
