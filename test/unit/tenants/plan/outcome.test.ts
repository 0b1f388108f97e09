import t from 'tap'
import { outcomeOf, runOf } from '../../../../src/tenants/plan/outcome.ts'
import type { Plan } from '../../../../src/tenants/record/plan.ts'
import { aSpec, endedPod, readyPod, terminating } from '../../../helpers/observed.ts'

const SECONDS = { toEffect: 1.5, notReady: 0 }
const pod = readyPod(aSpec())
const before = runOf([pod])
const replaced = readyPod(aSpec(), { name: 'pod-2' })
const restarted = readyPod(aSpec(), { restartCount: 1 })
const killed = structuredClone(restarted)
killed.status!.containerStatuses![0]!.lastState = { terminated: { exitCode: 137, reason: 'OOMKilled' } }
const planned = { expectedDisruption: 'restart' } as Plan
const undisturbed = { expectedDisruption: 'none' } as Plan
const unscheduled = structuredClone(replaced)
delete unscheduled.spec!.nodeName

t.test('counts the pod that is neither ending nor ended', async (t) => {
  t.same(runOf([endedPod(aSpec()), terminating(pod), replaced]), { podUid: 'uid-of-pod-2', restartCount: 0 })
  t.equal(runOf([terminating(pod)]), null)
  t.equal(runOf([unscheduled]), null, 'nor is one that has no node')
  t.equal(runOf([]), null)
})

const OUTCOMES: [what: string, disruption: string, first: typeof before, pods: Parameters<typeof runOf>[0]][] = [
  ['the same pod runs on', 'none', before, [pod]],
  ['nothing ran before', 'none', null, [pod]],
  ['nothing ran before or after', 'none', null, []],
  ['another pod runs', 'restart', before, [replaced]],
  ['its container was restarted', 'restart', before, [restarted]],
  ['nothing runs any more', 'restart', before, []],
  ['its successor finds no node', 'restart', before, [unscheduled]],
  ['only the old pod is there, and is ending', 'restart', before, [terminating(pod)]],
]

for (const [what, disruption, first, pods] of OUTCOMES) {
  t.test(`tells of ${disruption === 'none' ? 'no disruption' : 'a restart'} if ${what}`, async (t) => {
    t.match(outcomeOf(first, pods, undefined, SECONDS), { disruption, before: first, after: runOf(pods) })
  })
}

t.test('holds what happened against what was planned', async (t) => {
  t.equal(outcomeOf(before, [replaced], planned, SECONDS).asPlanned, true)
  t.equal(outcomeOf(before, [pod], planned, SECONDS).asPlanned, false)
  t.equal(outcomeOf(before, [pod], undisturbed, SECONDS).asPlanned, true)
  t.equal(outcomeOf(before, [restarted], undisturbed, SECONDS).asPlanned, false)
  t.equal(outcomeOf(before, [restarted], undefined, SECONDS).asPlanned, null)
})

t.test('tells the limits in force, how long it took, and why the container ended', async (t) => {
  t.match(outcomeOf(before, [killed], undefined, { toEffect: 1.5, notReady: 0.25 }), {
    limits: { memory: '2Gi', cpu: '1500m' },
    lastTermination: 'OOMKilled',
    secondsToEffect: 1.5,
    secondsNotReady: 0.25,
  })
  t.match(outcomeOf(before, [], undefined, { toEffect: 2, notReady: null }), {
    limits: { memory: null, cpu: null },
    lastTermination: null,
    secondsNotReady: null,
  })
})
