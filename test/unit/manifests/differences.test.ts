import t from 'tap'
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
