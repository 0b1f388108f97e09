import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { describe } from '../../../../src/tenants/view/describe.ts'
import {
  anOperation,
  aSpec,
  liveClaim,
  liveDeployment,
  liveNamespace,
  observed,
  readyPod,
  startingPod,
  terminating,
} from '../../../helpers/observed.ts'

const THEN = '2026-01-02T00:00:00.000Z'
const conditionsOf = (spec: Spec, seen?: Partial<Observed>) => describe(spec, observed(spec, seen)).conditions
const ready = (spec: Spec, seen?: Partial<Observed>) => conditionsOf(spec, seen).find(({ type }) => type === 'Ready')
const typesOf = (spec: Spec, seen?: Partial<Observed>) => conditionsOf(spec, seen).map(({ type }) => type)

const refusedByQuota = liveDeployment(aSpec(), ({ status }) => {
  const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }
  status!.conditions = [{ type: 'Available', status: 'True' }, refused]
})
const unscheduled = startingPod(aSpec(), {
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }],
})
const crashing = startingPod(aSpec(), { state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } } })
const ended = startingPod(aSpec(), { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })
const loading = startingPod(aSpec(), { state: { running: {} } })
const frozen = startingPod(aSpec(), { state: { running: {} }, started: true })

const NOT_READY: [reason: string, spec: Spec, seen: Partial<Observed>][] = [
  ['NamespaceTerminating', aSpec(), { namespace: terminating(liveNamespace(aSpec())) }],
  ['NotCommitted', aSpec({ committed: false }), { pods: [], deployment: undefined }],
  ['Suspended', aSpec({ suspended: true }), { pods: [] }],
  ['Deleted', aSpec({ deletedAt: THEN }), { pods: [] }],
  ['FailedCreate', aSpec(), { pods: [], deployment: refusedByQuota }],
  ['VolumeLost', aSpec(), { pods: [], claim: liveClaim(aSpec(), { phase: 'Lost' }) }],
  ['NoPod', aSpec(), { pods: [] }],
  ['NoPod', aSpec(), { pods: [], deployment: undefined, claim: undefined }],
  ['Terminating', aSpec(), { pods: [terminating(readyPod(aSpec()))] }],
  ['Unschedulable', aSpec(), { pods: [unscheduled] }],
  ['CrashLoopBackOff', aSpec(), { pods: [crashing] }],
  ['OOMKilled', aSpec(), { pods: [ended] }],
  ['Loading', aSpec(), { pods: [loading] }],
  ['NotListening', aSpec(), { pods: [frozen] }],
  ['Starting', aSpec(), { pods: [startingPod(aSpec())] }],
]

t.test('says since when the database accepts connections', async (t) => {
  t.match(ready(aSpec()), { status: 'True', reason: 'PodReady', since: '2026-01-01T00:00:05.000Z' })
})

for (const [index, [reason, spec, seen]] of NOT_READY.entries()) {
  t.test(`says why the database is not ready: ${reason} (${index + 1})`, async (t) => {
    const condition = ready(spec, seen)
    t.match(condition, { status: 'False', reason })
    t.ok(condition!.message.length > 0, 'and in a sentence')
  })
}

t.test('reads the time of a condition whether it was listed or watched', async (t) => {
  const watched = readyPod(aSpec())
  watched.status!.conditions![0]!.lastTransitionTime = '2026-01-01T00:00:05Z' as never
  t.equal(ready(aSpec(), { pods: [watched] })?.since, '2026-01-01T00:00:05.000Z')
})

t.test('has nothing else to say of a tenant that is as it shall be', async (t) => {
  t.same(typesOf(aSpec()), ['Ready'])
})

t.test('says that the Secret of a tenant is gone, if that is known', async (t) => {
  t.same(typesOf(aSpec(), { secretExists: false }), ['Ready', 'SecretMissing'])
  t.same(typesOf(aSpec(), { secretExists: undefined }), ['Ready'])
  t.same(typesOf(aSpec({ committed: false }), { secretExists: false }), ['Ready'], 'not of a create that was cut off')
})

const older = liveDeployment(aSpec(), ({ metadata }) => {
  metadata!.annotations![annotations.renderer] = '0'
})
const changed = liveDeployment(aSpec(), ({ spec }) => {
  spec!.template.spec!.containers[0]!.image = 'another:1'
})

t.test('says that an older version rendered the pod template', async (t) => {
  t.same(typesOf(aSpec(), { deployment: older }), ['Ready', 'UpdateAvailable'])
})

t.test('says that another hand has changed the pod template', async (t) => {
  t.same(typesOf(aSpec(), { deployment: changed }), ['Ready', 'Drifted'])
})

t.test('does not call it drift while an operation changes the template', async (t) => {
  t.same(typesOf(aSpec({ operation: anOperation({ state: 'running' }) }), { deployment: changed }), ['Ready'])
})

t.test('says nothing about the template of a tenant that is deleted, suspended or has none', async (t) => {
  t.same(typesOf(aSpec({ suspended: true }), { deployment: changed, pods: [] }), ['Ready'])
  t.same(typesOf(aSpec({ deletedAt: THEN }), { deployment: changed, pods: [] }), ['Ready'])
  t.same(typesOf(aSpec(), { deployment: undefined }), ['Ready'])
})
