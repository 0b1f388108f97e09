import type { V1Deployment, V1ReplicaSet, V1ResourceQuota } from '@kubernetes/client-node'
import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import { decide } from '../../../../src/tenants/decide/decide.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import { SURVEYED } from '../../../fixtures/tenants.ts'
import { aSpec, liveDeployment, liveReplicaSet, observed, readyPod, terminating } from '../../../helpers/observed.ts'

const spec = aSpec()
const COUNT = '777'

function refused(message: string): V1Deployment {
  return liveDeployment(spec, (live) => {
    const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }
    live.status = { ...live.status, replicas: 0, updatedReplicas: 0, conditions: [failure] }
  })
}
function waiting(wokenFor?: string): V1ReplicaSet {
  const set = liveReplicaSet(spec)
  set.status = { replicas: 0, observedGeneration: 1 }
  if (wokenFor) set.metadata!.annotations = { ...set.metadata!.annotations, [annotations.wokenFor]: wokenFor }
  return set
}
function counted(pods: string): V1ResourceQuota {
  const { quota } = observed(spec)
  return { ...quota!, metadata: { ...quota!.metadata, resourceVersion: COUNT }, status: { used: { pods } } }
}
const BY_QUOTA = 'pods "x" is forbidden: exceeded quota: db-user123-fluxiondb, requested: pods=1, used: pods=1'
const decided = (seen: Partial<Observed>) =>
  decide(
    spec,
    observed(spec, { pods: [], deployment: refused(BY_QUOTA), replicaSets: [waiting()], quota: counted('0'), ...seen }),
    SURVEYED,
  )

t.test('wakes a controller that was refused while the old pod was ending, once the quota has room', async (t) => {
  const acts = [{ do: 'wake-replica-set', name: 'rs-1', uid: 'uid-of-rs-1', count: COUNT }]
  t.strictSame(decided({}), { step: 'ready', next: 'act', acts })
  t.match(decided({ replicaSets: [waiting('776')] }), { next: 'act', acts }, 'for a newer count once more')
})

const WAITS: [what: string, seen: Partial<Observed>][] = [
  ['the quota still counts the old pod', { quota: counted('1') }],
  ['the quota has not been counted', { quota: observed(spec).quota }],
  ['it was woken for this count', { replicaSets: [waiting(COUNT)] }],
  ['the old pod is ending', { pods: [terminating(readyPod(spec))] }],
  ['it was refused by somebody else', { deployment: refused('admission webhook "x" denied the request') }],
]
for (const [what, seen] of WAITS) {
  t.test(`wakes nobody where ${what}`, async (t) => t.match(decided(seen), { next: 'wait' }))
}
