import t from 'tap'
import { type Conditions, etagOf, unmet } from '../../../../src/tenants/record/etag.ts'
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

const NOW = '"a-2"'
const THERE: [conditions: Conditions, header: string | undefined][] = [
  [{}, undefined],
  [{ ifMatch: '*' }, undefined],
  [{ ifMatch: [NOW] }, undefined],
  [{ ifMatch: ['"b-1"', NOW] }, undefined],
  [{ ifMatch: ['"a-1"'] }, 'If-Match'],
  [{ ifMatch: [`W/${NOW}`] }, 'If-Match'],
  [{ ifNoneMatch: '*' }, 'If-None-Match'],
  [{ ifNoneMatch: [NOW] }, 'If-None-Match'],
  [{ ifNoneMatch: [`W/${NOW}`] }, 'If-None-Match'],
  [{ ifNoneMatch: ['"a-1"', '"W/a-2"'] }, undefined],
  [{ ifMatch: ['"a-1"'], ifNoneMatch: '*' }, 'If-Match'],
  [{ ifMatch: [NOW], ifNoneMatch: [NOW] }, 'If-None-Match'],
  [{ ifMatch: [NOW], ifNoneMatch: ['"a-1"'] }, undefined],
]

t.test('compares with what is there: If-Match strongly and first, If-None-Match weakly', async (t) => {
  for (const [conditions, header] of THERE) t.equal(unmet(conditions, NOW), header, JSON.stringify(conditions))
})

t.test('lets no If-Match hold where nothing is, and every If-None-Match', async (t) => {
  for (const [conditions] of THERE) {
    t.equal(unmet(conditions, undefined), conditions.ifMatch && 'If-Match', JSON.stringify(conditions))
  }
})

t.test('matches what has no tag by a star only', async (t) => {
  t.equal(unmet({ ifMatch: '*' }, null), undefined)
  t.equal(unmet({ ifMatch: [NOW] }, null), 'If-Match')
  t.equal(unmet({ ifNoneMatch: '*' }, null), 'If-None-Match')
  t.equal(unmet({ ifNoneMatch: [NOW] }, null), undefined)
})
