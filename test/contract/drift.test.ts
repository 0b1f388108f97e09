import t from 'tap'
import { aSpec, observed } from '../helpers/observed.ts'
import { testApp } from './test-app.ts'

const { cluster, send } = await testApp(t)

/** Puts a whole tenant into the cluster, with another type of Service if wanted. */
function tenant(userId: string, type = 'ClusterIP'): void {
  const { pods, replicaSets, secretExists: _, ...objects } = observed(aSpec({ userId }))
  const service = { ...objects.service!, spec: { ...objects.service!.spec, type } }
  for (const object of [...Object.values({ ...objects, service }), ...replicaSets, ...pods])
    if (object) cluster.put(object)
}

t.test('tells by pages what another hand has changed, and of no tenant that is as it shall be', async (t) => {
  tenant('a', 'NodePort')
  tenant('b')
  tenant('c', 'LoadBalancer')
  const first = await send('GET', '/admin/drift?limit=1')
  t.match(first.body, { items: [{ userId: 'a', field: 'spec.type', wanted: '"ClusterIP"', found: '"NodePort"' }] })
  t.equal(first.body.items.length, 1)
  const second = await send('GET', `/admin/drift?limit=1&cursor=${first.body.nextCursor}`)
  t.match(second.body, { items: [{ userId: 'c', found: '"LoadBalancer"' }], nextCursor: null })
})
