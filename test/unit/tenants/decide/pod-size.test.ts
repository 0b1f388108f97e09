import type { V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import { podSize } from '../../../../src/tenants/decide/pod-size.ts'
import { LARGE, LARGE_SIZE, resizedPod, SMALL } from '../../../helpers/resizing.ts'

const pending = (reason: string, observedGeneration?: number) => ({
  type: 'PodResizePending',
  reason,
  message: `the node says ${reason}`,
  ...(observedGeneration === undefined ? {} : { observedGeneration }),
})
const inProgress = { type: 'PodResizeInProgress' }

/** As a kubelet before 1.34 reports it. */
function withoutGenerations(pod: V1Pod): V1Pod {
  delete pod.status!.observedGeneration
  for (const condition of pod.status!.conditions!) delete condition.observedGeneration
  return pod
}

/** As a kubelet before 1.33 reports it, which cannot resize; an API server before 1.33 gives no generation. */
function withoutSizes(pod: V1Pod, generation?: number): V1Pod {
  withoutGenerations(pod)
  delete pod.status!.containerStatuses![0]!.resources
  if (generation === undefined) delete pod.metadata!.generation
  else pod.metadata!.generation = generation
  return pod
}

const asked = (answer?: Parameters<typeof resizedPod>[2]) => resizedPod(SMALL, LARGE_SIZE, answer)

const STATES: [what: string, state: ReturnType<typeof podSize>['state'], pod: V1Pod][] = [
  ['it asks for another size', 'other', resizedPod(SMALL, {})],
  ['the kubelet has not answered', 'asked', asked()],
  ['there is no room now', 'deferred', asked(pending('Deferred'))],
  ['there never is room', 'infeasible', asked(pending('Infeasible'))],
  ['the size is being changed', 'allocated', asked(inProgress)],
  ['the kubelet has seen it and reports the old size', 'allocated', asked('granted')],
  ['the kubelet reports the new size', 'held', resizedPod(LARGE, LARGE_SIZE, 'granted')],
  ['it reports the new size while it is still changing', 'allocated', resizedPod(LARGE, LARGE_SIZE, inProgress)],
  ['an earlier size was infeasible', 'asked', { ...asked(), status: asked(pending('Infeasible', 1)).status! }],
  ['an older kubelet has not answered', 'asked', withoutGenerations(asked())],
  ['an older kubelet has no room now', 'deferred', withoutGenerations(asked(pending('Deferred')))],
  ['an older kubelet never has room', 'infeasible', withoutGenerations(asked(pending('Infeasible')))],
  ['an older kubelet changes it', 'allocated', withoutGenerations(asked(inProgress))],
  ['an older kubelet reports the new size', 'held', withoutGenerations(resizedPod(LARGE, LARGE_SIZE, 'granted'))],
  ['a kubelet that reports no sizes runs it as it was made', 'held', withoutSizes(resizedPod(LARGE, LARGE_SIZE))],
  ['... under a newer API server', 'held', withoutSizes(resizedPod(LARGE, LARGE_SIZE), 1)],
  ['... but the pod was asked for another size since', 'asked', withoutSizes(asked(), 2)],
]
STATES[8]![2].status!.observedGeneration = 1

for (const [what, state, pod] of STATES) {
  t.test(`is ${state} when ${what}`, async (t) => {
    t.equal(podSize(pod, LARGE_SIZE).state, state)
  })
}

t.test('says what the node says', async (t) => {
  t.equal(podSize(asked(pending('Deferred')), LARGE_SIZE).message, 'the node says Deferred')
  t.match(podSize(asked({ type: 'PodResizePending', reason: 'Infeasible' }), LARGE_SIZE).message, /never/)
})

t.test('takes no notice of how the server writes a size', async (t) => {
  const pod = resizedPod(LARGE, LARGE_SIZE, 'granted')
  pod.spec!.containers[0]!.resources!.limits = { cpu: '1.5', memory: '2048Mi' }
  t.equal(podSize(pod, LARGE_SIZE).state, 'held')
})
