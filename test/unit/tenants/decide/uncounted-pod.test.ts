import type { V1ResourceQuota } from '@kubernetes/client-node'
import t from 'tap'
import { decide } from '../../../../src/tenants/decide/decide.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import { restsOn } from '../../../../src/tenants/reconcile/confirm.ts'
import { SURVEYED } from '../../../fixtures/tenants.ts'
import { aSpec, observed, readyPod, startingPod, terminating } from '../../../helpers/observed.ts'

const spec = aSpec()
const withClass = aSpec({ options: { priorityClassName: 'database' } })

function counted(pods: string, tenant = spec): V1ResourceQuota {
  const { quota } = observed(tenant)
  return { ...quota!, metadata: { ...quota!.metadata, resourceVersion: '77' }, status: { used: { pods } } }
}
const decided = (seen: Partial<Observed>, tenant = spec) =>
  decide(tenant, observed(tenant, { quota: counted('0', tenant), ...seen }), SURVEYED)

t.test('has a quota count a pod that it has missed, once the pod is seen to be there still', async (t) => {
  for (const tenant of [spec, withClass]) {
    const decision = decided({}, tenant)
    const { name } = counted('0').metadata!
    t.strictSame(decision, {
      step: 'objects',
      next: 'act',
      acts: [{ do: 'correct-count', name, resourceVersion: '77', pods: 1 }],
    })
    t.strictSame(restsOn(decision, tenant, {}), ['pods'])
  }
})

const RIGHT: [what: string, seen: Partial<Observed>][] = [
  ['counts it', { quota: counted('1') }],
  ['has not counted yet', { quota: observed(spec).quota }],
  ['may be about to count it', { pods: [startingPod(spec, { state: { running: {} } })] }],
  ['may have counted out one that ends', { pods: [terminating(readyPod(spec))] }],
  ['has no pod to count', { pods: [] }],
]
for (const [what, seen] of RIGHT) {
  t.test(`leaves alone a quota that ${what}`, async (t) => {
    t.notMatch(decided(seen), { acts: [{ do: 'correct-count' }] })
  })
}

t.test('leaves alone a quota that counts pods with a class only, where the pod has none', async (t) => {
  const quota = { ...counted('0', withClass), spec: { ...counted('0').spec, scopeSelector: { matchExpressions: [] } } }
  t.notMatch(decided({ quota }), { acts: [{ do: 'correct-count' }] })
})
