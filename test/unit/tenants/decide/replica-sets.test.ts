import type { V1ReplicaSet } from '@kubernetes/client-node'
import t from 'tap'
import { currentReplicaSet, fenceOf, isRollDue, ownedBy } from '../../../../src/tenants/decide/replica-sets.ts'
import { liveDeployment, liveReplicaSet, terminating } from '../../../helpers/observed.ts'
import { LARGE, pausedDeployment, SMALL } from '../../../helpers/resizing.ts'

const deployment = liveDeployment(LARGE)
const small = liveReplicaSet(SMALL)
const large = liveReplicaSet(LARGE)
const second = liveReplicaSet(LARGE, { name: 'rs-2' })
const idle: V1ReplicaSet = { ...second, spec: { ...second.spec!, replicas: 0 } }

function changed(change: (template: NonNullable<NonNullable<V1ReplicaSet['spec']>['template']>) => void): V1ReplicaSet {
  const replicaSet = liveReplicaSet(LARGE)
  change(replicaSet.spec!.template!)
  return replicaSet
}

t.test('owns what it controls, and what is not going', async (t) => {
  const ownedByAnother = structuredClone(large)
  ownedByAnother.metadata!.ownerReferences![0]!.uid = 'another'
  const notControlled = structuredClone(large)
  notControlled.metadata!.ownerReferences![0]!.controller = false
  t.same(ownedBy(deployment, [large, ownedByAnother, notControlled, terminating(second)]), [large])
})

t.test("finds the one active ReplicaSet whose template is the Deployment's but for the sizes", async (t) => {
  t.equal(currentReplicaSet(deployment, [idle, large]), large)
  t.equal(currentReplicaSet(deployment, [small]), small, 'of another size')
  t.equal(currentReplicaSet(deployment, [idle]), undefined, 'none is active')
  t.equal(currentReplicaSet(deployment, [large, second]), undefined, 'two are active')
})

const FOREIGN: [what: string, replicaSet: V1ReplicaSet][] = [
  ['another image', changed(({ spec }) => Object.assign(spec!.containers[0]!, { image: 'another:1' }))],
  ['a container more', changed(({ spec }) => spec!.containers.push({ name: 'sidecar', image: 'mesh:1' }))],
  ['an annotation more', changed(({ metadata }) => Object.assign(metadata!.annotations!, { more: 'so' }))],
  ['a label less', changed(({ metadata }) => delete metadata!.labels!['fluxiondb.com/tenant'])],
  ['a field less', changed(({ spec }) => delete spec!.terminationGracePeriodSeconds)],
]

for (const [what, replicaSet] of FOREIGN) {
  t.test(`does not take one for the Deployment's that has ${what}`, async (t) => {
    t.equal(currentReplicaSet(deployment, [replicaSet]), undefined)
    t.equal(isRollDue(deployment, [replicaSet]), true)
    t.equal(isRollDue(pausedDeployment(LARGE), [replicaSet]), true)
  })
}

t.test('expects a roll for another size, but not under a pause', async (t) => {
  t.equal(isRollDue(deployment, [large]), false)
  t.equal(isRollDue(deployment, [small]), true)
  t.equal(isRollDue(pausedDeployment(LARGE), [small]), false)
})

t.test('has no fence where none of ours has written', async (t) => {
  t.equal(fenceOf(large), 5)
  t.equal(fenceOf({ ...large, metadata: { name: 'rs-1' } }), 0)
})
