import type { V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import { type State, stateOf } from '../../../../src/tenants/observe/state.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { describe } from '../../../../src/tenants/view/describe.ts'
import {
  anOperation,
  aSpec,
  endedPod,
  liveClaim,
  liveDeployment,
  liveNamespace,
  observed,
  readyPod,
  startingPod,
  terminating,
} from '../../../helpers/observed.ts'

const THEN = '2026-01-02T00:00:00.000Z'
const pod = readyPod(aSpec())
const running = (type: Spec['operation']['type']) => ({ operation: anOperation({ type, state: 'running' as const }) })
const ended = { operation: anOperation({ state: 'failed' as const }) }

/** In the order of the rules: the first that holds decides. */
const STATES: [why: string, state: State, spec: Spec, seen?: Partial<Observed>][] = [
  ['the namespace is going', 'deleting', aSpec(), { namespace: terminating(liveNamespace(aSpec())) }],
  ['its purge was asked for', 'deleting', aSpec({ purgeRequestedAt: THEN, deletedAt: THEN }), { pods: [] }],
  ['it is deleted and its pod still runs', 'deleting', aSpec({ deletedAt: THEN }), { pods: [pod] }],
  ['it is deleted and its pod is ending', 'deleting', aSpec({ deletedAt: THEN }), { pods: [terminating(pod)] }],
  ['it is deleted and nothing runs', 'deleted', aSpec({ deletedAt: THEN })],
  ['it is deleted and its pod has ended', 'deleted', aSpec({ deletedAt: THEN }), { pods: [endedPod(aSpec())] }],
  ['it is deleted, whatever else runs', 'deleted', aSpec({ deletedAt: THEN, ...running('delete') })],
  ['it is suspended and its pod is ending', 'suspending', aSpec({ suspended: true }), { pods: [terminating(pod)] }],
  ['it is suspended and nothing runs', 'suspended', aSpec({ suspended: true, ...running('suspend') })],
  ['it is suspended and deleted', 'deleted', aSpec({ suspended: true, deletedAt: THEN })],
  ['a create runs', 'creating', aSpec(running('create')), { pods: [pod] }],
  ['a resize runs', 'resizing', aSpec(running('resize')), { pods: [pod] }],
  ['an undelete runs', 'resuming', aSpec(running('undelete')), { pods: [] }],
  ['a resume runs', 'resuming', aSpec(running('resume')), { pods: [] }],
  ['a restart runs', 'updating', aSpec(running('restart')), { pods: [] }],
  ['a rotation of its key runs', 'updating', aSpec(running('rotate-key'))],
  ['its pod is ready', 'active', aSpec()],
  ['its pod is ready and the last operation failed', 'active', aSpec(ended)],
  ['the last operation failed', 'failed', aSpec(ended), { pods: [] }],
  ['its pod is not ready', 'degraded', aSpec(), { pods: [startingPod(aSpec())] }],
  ['its pod is ready and ending', 'degraded', aSpec(), { pods: [terminating(pod)] }],
  ['it has no pod', 'degraded', aSpec(), { pods: [] }],
]

for (const [why, state, spec, seen] of STATES) {
  t.test(`is ${state} if ${why}`, async (t) => {
    t.equal(stateOf(spec, observed(spec, seen)), state)
  })
}

t.test('tells what is desired, what is there and how to reach it', async (t) => {
  const spec = aSpec({ generation: 3, desired: { ramSize: '4Gi', storageSize: '8Gi' } })
  t.match(
    describe(spec, observed(spec, { pods: [readyPod(aSpec(), { restartCount: 2 })], claim: liveClaim(aSpec()) })),
    {
      userId: 'user123',
      namespace: 'fluxiondb-user123',
      release: 'db-user123',
      state: 'active',
      desired: { ramSize: '4Gi', storageSize: '8Gi' },
      actual: { ramSize: '2Gi', storageSize: '4Gi', cpu: { request: '750m', limit: '1500m' }, restarts: 2 },
      endpoints: {
        internal: {
          host: 'db-user123-fluxiondb.fluxiondb-user123.svc',
          port: 8080,
          url: 'ws://db-user123-fluxiondb.fluxiondb-user123.svc:8080',
        },
      },
      generation: 3,
      deletedAt: null,
    },
  )
})

t.test('tells of nothing that is not there', async (t) => {
  const claim = liveClaim(aSpec(), { phase: 'Pending' })
  const nothing = { ramSize: null, storageSize: null, cpu: { request: null, limit: null }, restarts: 0 }
  t.strictSame(describe(aSpec(), observed(aSpec(), { pods: [], claim })).actual, nothing)
  t.strictSame(describe(aSpec(), observed(aSpec(), { pods: [], claim: undefined })).actual, nothing)
})

t.test('tells of the new pod while an old one is still ending', async (t) => {
  const larger = readyPod(aSpec({ desired: { ramSize: '4Gi' } }), { name: 'new' })
  t.equal(describe(aSpec(), observed(aSpec(), { pods: [terminating(pod), larger] })).actual.ramSize, '4Gi')
})

t.test('tells what the kubelet has given the database, not what its pod asks for', async (t) => {
  const resizing: V1Pod = structuredClone(pod)
  resizing.spec!.containers[0]!.resources = { limits: { memory: '4Gi' } }
  t.equal(describe(aSpec(), observed(aSpec(), { pods: [resizing] })).actual.ramSize, '2Gi')
})

t.test('never tells of an annotation or the Secret', async (t) => {
  const deployment = liveDeployment(aSpec(), ({ metadata }) => {
    metadata!.annotations!['example.com/secret'] = 'hidden'
  })
  t.notMatch(JSON.stringify(describe(aSpec(), observed(aSpec(), { deployment }))), /hidden|example.com/)
  t.ok(annotations.renderer in deployment.metadata!.annotations!)
})
