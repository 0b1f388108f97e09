import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { canonicalJson, sameJson } from '../../src/canonical-json.ts'

/** The same value, with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, part]) => [key, turned(part)]))
}

t.test('says the same of a value whatever order its keys came in', async () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(turned(value)) === canonicalJson(value)))
})

t.test('says nothing but the value', async () => {
  const read = (text: string) => JSON.parse(text) as unknown
  fc.assert(
    fc.property(fc.jsonValue(), (value) => isDeepStrictEqual(read(canonicalJson(value)), read(JSON.stringify(value)))),
  )
})

t.test('tells lists apart by their order, and values by their types', async (t) => {
  const others = [
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, {}],
    [[], {}],
    [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }, { c: 2 }] }],
  ]
  for (const [a, b] of others) t.notOk(sameJson(a, b), JSON.stringify([a, b]))
  t.ok(sameJson({ a: 1, b: undefined }, { a: 1 }), 'what is undefined is not there')
})
