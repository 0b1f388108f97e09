import t from 'tap'
import { etagOf } from '../../../../src/tenants/record/etag.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { aSpec, liveNamespace } from '../../../helpers/observed.ts'

const etagFor = (spec: Spec, namespace = liveNamespace(spec)) => etagOf({ spec, namespace })

t.test('is a quoted text of the namespace and the generation', async (t) => {
  t.equal(etagFor(aSpec({ generation: 12 })), '"0a1b2c3d-12"')
})

t.test('changes with what is desired', async (t) => {
  t.not(etagFor(aSpec({ generation: 1 })), etagFor(aSpec({ generation: 2 })))
})

t.test('stays while nothing but what is observed changes', async (t) => {
  const running = aSpec({ operation: { ...aSpec().operation, state: 'running' } })
  const namespace = liveNamespace(running)
  namespace.metadata!.resourceVersion = '999'
  t.equal(etagFor(running, namespace), etagFor(aSpec()))
})

t.test('differs for a tenant that was purged and created anew under its id', async (t) => {
  const anew = liveNamespace(aSpec())
  anew.metadata!.uid = 'ffffffff-0000-4000-8000-000000000000'
  t.not(etagFor(aSpec(), anew), etagFor(aSpec()))
})
