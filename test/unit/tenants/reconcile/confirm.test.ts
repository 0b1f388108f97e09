import t from 'tap'
import type { Act, Decision } from '../../../../src/tenants/decide/decide.ts'
import { hasEarlier, hasLater } from '../../../../src/tenants/observe/observed.ts'
import { restsOn } from '../../../../src/tenants/reconcile/confirm.ts'
import { anOperation, aSpec, liveNamespace, observed, RUNNING } from '../../../helpers/observed.ts'

const SPEC = aSpec()
const CREATING = aSpec({ operation: anOperation({ ...RUNNING, type: 'create' }) })
const { claim, service, pods } = observed(SPEC)
const acts = (...all: Act[]): Decision => ({ step: 'objects', next: 'act', acts: all })
const make = acts({ do: 'apply', object: claim! })
const grow = acts({ do: 'apply', object: claim!, resourceVersion: '100' })

t.test('reads nothing for what is made in a namespace that was made for it', async (t) => {
  t.strictSame(restsOn(make, CREATING, { hasLater: true }), [])
  t.strictSame(restsOn({ step: 'ready', next: 'done' }, CREATING, {}), [])
})

t.test('reads whose the namespace is before anything is made in it for an older record', async (t) => {
  t.strictSame(restsOn(make, SPEC, {}), ['claims', 'namespaces'])
  t.strictSame(restsOn(make, CREATING, { hasEarlier: true }), ['claims', 'namespaces'])
})

t.test('looks whether a create has been committed before it commits it', async (t) => {
  t.strictSame(restsOn(acts({ do: 'commit' }), CREATING, {}), ['namespaces'])
})

t.test('reads the record anew before it changes what was made after the operation had begun', async (t) => {
  t.strictSame(restsOn(grow, SPEC, {}), [])
  t.strictSame(restsOn(grow, SPEC, { hasLater: true }), ['namespaces'])
})

t.test('believes no success of a create while a watch tells of an earlier tenant', async (t) => {
  const done: Decision = { step: 'ready', next: 'done' }
  t.strictSame(restsOn(done, CREATING, { hasEarlier: true }), ['deployments', 'pods'])
})

t.test('tells what is of an earlier tenant, and what may be of a later one, by its age', async (t) => {
  const at = <T extends object>(object: T, creationTimestamp: string | Date): T => {
    return { ...object, metadata: { ...(object as { metadata?: object }).metadata, creationTimestamp } }
  }
  const namespace = at(liveNamespace(SPEC), '2026-01-01T00:00:10Z')
  const all = (time: string | Date) =>
    observed(SPEC, { namespace, service: at(service!, time), pods: [at(pods[0]!, time)] })
  t.ok(hasEarlier(all('2026-01-01T00:00:09Z')))
  t.ok(hasEarlier(all(new Date('2026-01-01T00:00:09Z'))), 'as a live read has it')
  t.notOk(hasEarlier(all('2026-01-01T00:00:10Z')))
  t.ok(hasLater(all('2026-01-01T00:00:12Z'), '2026-01-01T00:00:11.500Z'))
  t.notOk(hasLater(all('2026-01-01T00:00:11Z'), '2026-01-01T00:00:11.500Z'))
  t.notOk(hasEarlier(observed(SPEC)) || hasLater(observed(SPEC), '2026-01-01T00:00:00Z'), 'where it is not known')
})
