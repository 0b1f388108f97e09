import fc from 'fast-check'
import t from 'tap'
import { covers, isEqual, sameQuantity } from '../../../src/manifests/compare.ts'
import { renderVariant, VARIANTS } from '../../fixtures/tenants.ts'
import { served } from '../../helpers/observed.ts'

const COVERED: [why: string, live: unknown, rendered: unknown][] = [
  ['equal values', { a: 1, b: 'x', c: true }, { a: 1, b: 'x', c: true }],
  ["the server's own fields", { a: 1, uid: 'u', status: { x: 1 } }, { a: 1 }],
  ["the server's own fields in items of a list", [{ a: 1, protocol: 'TCP' }], [{ a: 1 }]],
  [
    'quantities in another form, where quantities stand',
    { limits: { cpu: '1', memory: '2Gi' }, sizeLimit: '1Gi' },
    { limits: { cpu: '1000m', memory: '2048Mi' }, sizeLimit: '1024Mi' },
  ],
  ['false, zero and empty text that the server leaves out', {}, { a: false, b: 0, c: '' }],
  ['empty lists and maps that the server leaves out', { c: {} }, { a: [], labels: {}, c: { matchLabels: {}, d: [] } }],
  ['nothing where there must be nothing', { a: 1 }, { a: 1, b: null }],
  ['what the manifest leaves open', { a: 1 }, { a: undefined }],
]
const DIFFERENT: [why: string, live: unknown, rendered: unknown][] = [
  ['nothing there', undefined, { a: 1 }],
  ['another value', { a: 1 }, { a: 2 }],
  ['another type', { a: '1' }, { a: 1 }],
  ['another text', { a: 'x' }, { a: 'y' }],
  ['a missing field', {}, { a: 1 }],
  ['a missing text', {}, { a: 'x' }],
  ['false for true', { a: false }, { a: true }],
  ['zero for one', { replicas: 0 }, { replicas: 1 }],
  ['one for zero', { replicas: 1 }, { replicas: 0 }],
  ['true for false', { paused: true }, { paused: false }],
  ['a longer list', [1, 2], [1]],
  ['a shorter list', [1], [1, 2]],
  ['a list in another order', ['a', 'b'], ['b', 'a']],
  ['a list for an object', [], { a: 1 }],
  ['an object for a list', { 0: 'a' }, ['a']],
  ['another quantity', { limits: { memory: '2Gi' } }, { limits: { memory: '2G' } }],
  ['a text for a quantity', { limits: { memory: 'much' } }, { limits: { memory: '2Gi' } }],
  ['texts that look like the same quantity', { annotations: { version: '1.1' } }, { annotations: { version: '1.10' } }],
  ['the same in a field', { image: '1.0' }, { image: '1' }],
  ['a text of a map that is gone', { annotations: {} }, { annotations: { a: '' } }],
  ['a map with the name of a quantity for its key', { labels: { requests: '1' } }, { labels: { requests: '1000m' } }],
  ['an empty object, which takes all, for none', { a: 1 }, { a: 1, namespaceSelector: {} }],
  ['something where there must be nothing', { a: 1 }, { a: null }],
  ['null for an object', { a: null }, { a: { b: 1 } }],
]

t.test('finds what is rendered in what is live', async (t) => {
  for (const [why, live, rendered] of COVERED) t.equal(covers(live, rendered), true, why)
})

t.test('finds every difference', async (t) => {
  for (const [why, live, rendered] of DIFFERENT) t.equal(covers(live, rendered), false, why)
})

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>
const key = fc.stringMatching(/^[a-z]{1,6}$/)

t.test('finds every value in itself', async () => {
  fc.assert(fc.property(json, (value) => covers(value, value)))
  fc.assert(fc.property(json, (value) => covers(structuredClone(value), value)))
})

t.test('finds an object whatever fields the server has added to it, at any depth', async () => {
  const grown = (value: unknown, extra: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => grown(item, extra))
    if (value === null || typeof value !== 'object') return value
    const fields = Object.entries(value).map(([name, field]) => [name, grown(field, extra)])
    return { [extra]: 'added', ...Object.fromEntries(fields) }
  }
  fc.assert(fc.property(json, key, (value, extra) => covers(grown(value, extra), value)))
})

t.test('misses a field that is gone, whatever it held but nothing', async () => {
  const something = json.filter((value) => !covers(undefined, value))
  fc.assert(
    fc.property(fc.dictionary(key, json), key, something, (others, name, value) => {
      const { [name]: _, ...live } = { ...others, [name]: value }
      return !covers(live, { ...live, [name]: value })
    }),
  )
})

t.test('misses lists of another length', async () => {
  fc.assert(
    fc.property(fc.array(json), json, (list, item) => {
      return !covers([...list, item], list) && !covers(list, [...list, item])
    }),
  )
})

t.test('finds every object that it renders in what a server makes of it', async (t) => {
  for (const variant of VARIANTS) {
    for (const object of renderVariant(variant)) {
      t.ok(covers(served(object), object), `${object.kind} of ${variant.name}`)
    }
  }
})

t.test('takes two texts for one quantity only if both are quantities', async (t) => {
  t.equal(sameQuantity('1000m', '1'), true)
  t.equal(sameQuantity('1Gi', '1024Mi'), true)
  t.equal(sameQuantity('1', '2'), false)
  t.equal(sameQuantity('always', 'always'), false)
  t.equal(sameQuantity('', ''), false)
})

t.test('finds a field under the name that client-node reads it by', async (t) => {
  t.ok(covers({ ingress: [{ _from: [{ podSelector: {} }] }] }, { ingress: [{ from: [{ podSelector: {} }] }] }))
  t.notOk(covers({ ingress: [{}] }, { ingress: [{ from: [{ podSelector: {} }] }] }))
})

t.test('takes two values for equal only if neither has what the other lacks', async (t) => {
  const rule = { from: [{ podSelector: {} }], ports: [{ protocol: 'TCP', port: 8080 }] }
  t.ok(isEqual([{ _from: rule.from, ports: rule.ports }], [rule]))
  t.notOk(isEqual([rule], [{ ports: rule.ports }]), 'a peer that goes')
  t.notOk(isEqual([rule], [{ from: rule.from }]), 'a port that goes')
  t.ok(isEqual({ a: '1' }, { a: '1' }, 'selector'))
  t.notOk(isEqual({ a: '1', b: '' }, { a: '1' }, 'selector'), 'an empty text of a map')
})
