import fc from 'fast-check'
import t from 'tap'
import { covers } from '../../../src/manifests/compare.ts'
import { differences } from '../../../src/manifests/differences.ts'

const container = (limits: object, image = 'a') => ({
  spec: { containers: [{ name: 'db', image, resources: { limits } }] },
})

t.test('finds nothing where all is said, however quantities are written and whatever else is there', async (t) => {
  const rendered = container({ cpu: '1000m', memory: '1Gi' })
  t.same(differences(container({ cpu: '1', memory: '1024Mi', 'example.com/x': '1' }), rendered), [])
})

t.test('names each field that says something else, or is not there', async (t) => {
  const rendered = container({ cpu: '1000m', memory: '2Gi' }, 'b')
  t.same(differences(container({ cpu: '1', memory: '1Gi' }), rendered), [
    'spec.containers[db].image',
    'spec.containers[db].resources.limits.memory',
  ])
  t.same(differences(container({ memory: '2Gi' }, 'b'), rendered), ['spec.containers[db].resources.limits.cpu'])
})

t.test('names a list as a whole that has more or fewer items', async (t) => {
  t.same(differences({ spec: { ports: [] } }, { spec: { ports: [{ port: 1 }] } }), ['spec.ports'])
  t.same(differences({ spec: { ports: [{ port: 2 }] } }, { spec: { ports: [{ port: 1 }] } }), ['spec.ports[0].port'])
})

t.test('finds a field by the name that client-node gives it, also beside one that differs', async (t) => {
  const live = { spec: { ingress: [{ _from: [{ ipBlock: { cidr: 'a' } }], ports: [{ port: 1 }] }] } }
  const rendered = { spec: { ingress: [{ from: [{ ipBlock: { cidr: 'a' } }], ports: [{ port: 2 }] }] } }
  t.same(differences(live, rendered), ['spec.ingress[0].ports[0].port'])
})

t.test('finds something exactly where the one does not cover the other', async () => {
  const name = fc.constantFrom('a', 'limits', 'labels', '_a', 'name')
  const text = fc.constantFrom('', '1', '1000m', 'x')
  const { object } = fc.letrec((tie) => ({
    object: fc.dictionary(name, fc.oneof({ maxDepth: 3 }, text, fc.constant(0), tie('list'), tie('object'))),
    list: fc.array(fc.oneof({ maxDepth: 3 }, text, tie('object')), { maxLength: 2 }),
  }))
  fc.assert(
    fc.property(
      object,
      object,
      (live, rendered) => (differences(live, rendered).length === 0) === covers(live, rendered),
    ),
    { numRuns: 5000 },
  )
})
