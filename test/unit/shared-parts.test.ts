import fc from 'fast-check'
import t from 'tap'
import { sharing } from '../../src/shared-parts.ts'

t.test('shares every part that says the same, and the whole if all does', async (t) => {
  const first = { name: 'a', spec: { ports: [{ port: 80 }], selector: { app: 'x' } } }
  const second = sharing({ name: 'b', spec: { ports: [{ port: 80 }], selector: { app: 'y' } } }, first)
  t.same(second, { name: 'b', spec: { ports: [{ port: 80 }], selector: { app: 'y' } } })
  t.equal(second.spec.ports, first.spec.ports)
  t.not(second.spec.selector, first.spec.selector)
  t.equal(sharing(structuredClone(first), first), first)
})

t.test('says what it said, whatever it is likened to', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, like) => {
      const [before, other] = [JSON.stringify(value), JSON.stringify(like)]
      const shared = sharing(JSON.parse(before), like)
      return JSON.stringify(shared) === before && JSON.stringify(like) === other
    }),
    { numRuns: 500 },
  )
})

t.test('takes neither a list for fields nor more for less', async (t) => {
  t.strictSame(sharing([1], { 0: 1 }), [1])
  t.strictSame(sharing({ a: 1 }, { a: 1, b: 2 }), { a: 1 })
  t.strictSame(sharing({ a: 1, b: undefined }, { a: 1, c: 2 }), { a: 1, b: undefined })
})
