import type { V1Deployment } from '@kubernetes/client-node'
import t from 'tap'
import { annotations } from '../../../src/manifests/labels.ts'
import type { Decision } from '../../../src/tenants/decide.ts'
import { decideDeployment } from '../../../src/tenants/decide-deployment.ts'
import type { Observed } from '../../../src/tenants/observed.ts'
import { type Spec, tenantOf } from '../../../src/tenants/spec.ts'
import { aSpec, endedPod, liveDeployment, readyPod, startingPod, terminating } from '../../helpers/observed.ts'

const SPEC = aSpec({ generation: 4 })
const STOPPED = aSpec({ generation: 4, deletedAt: '2026-01-02T00:00:00.000Z' })
const LARGER = aSpec({ generation: 5, desired: { ramSize: '4Gi', storageSize: '8Gi' } })
const pod = readyPod(SPEC)

function decideFor(spec: Spec, seen: Partial<Pick<Observed, 'deployment' | 'pods'>> = {}): Decision {
  const pods = spec.deletedAt === null ? [readyPod(spec)] : []
  return decideDeployment(tenantOf(spec), { deployment: liveDeployment(spec), pods, ...seen })
}

/** The Deployment that is applied, and at which version. @throws if none is */
function appliedBy(decision: Decision): { deployment: V1Deployment; resourceVersion: string | undefined } {
  const [one] = decision.next === 'act' ? decision.acts : []
  if (one?.do !== 'apply') throw new Error(`nothing is applied: ${JSON.stringify(decision)}`)
  return { deployment: one.object as V1Deployment, resourceVersion: one.resourceVersion }
}

const changedSpec = (change: (deployment: V1Deployment) => void) => liveDeployment(SPEC, change)
const withStatus = (status: V1Deployment['status']) => changedSpec((live) => Object.assign(live.status!, status))
const fenced = (generation: number) =>
  changedSpec(({ metadata }) => {
    metadata!.annotations![annotations.fence] = String(generation)
  })
const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }

const WAITS: [why: string, reason: string, step: string, spec: Spec, seen: Partial<Observed>][] = [
  [
    'the Deployment is going',
    'DeploymentTerminating',
    'deployment',
    SPEC,
    { deployment: terminating(liveDeployment(SPEC)) },
  ],
  [
    'a pod outlives its Deployment',
    'PodTerminating',
    'stop',
    SPEC,
    { deployment: undefined, pods: [terminating(pod)] },
  ],
  ['an unowned pod still runs', 'PodTerminating', 'stop', SPEC, { deployment: undefined, pods: [pod] }],
  [
    'the pod before an undelete still ends',
    'PodTerminating',
    'stop',
    SPEC,
    { deployment: liveDeployment(STOPPED), pods: [terminating(pod)] },
  ],
  ['the pod of a deleted tenant still ends', 'PodTerminating', 'stop', STOPPED, { pods: [terminating(pod)] }],
  [
    'the controller has not seen the change',
    'NotObserved',
    'ready',
    SPEC,
    { deployment: withStatus({ observedGeneration: 0 }) },
  ],
  [
    'the pod is refused',
    'FailedCreate',
    'ready',
    SPEC,
    { deployment: withStatus({ conditions: [refused] }), pods: [] },
  ],
  ['there is no pod yet', 'NoSinglePod', 'ready', SPEC, { pods: [] }],
  ['there are two pods', 'NoSinglePod', 'ready', SPEC, { pods: [pod, readyPod(SPEC, { name: 'pod-2' })] }],
  ['the pod is an old one', 'OldPod', 'ready', SPEC, { deployment: withStatus({ updatedReplicas: 0 }) }],
  ['the pod is ending', 'Terminating', 'ready', SPEC, { pods: [terminating(pod)] }],
  ['the pod starts', 'Starting', 'ready', SPEC, { pods: [startingPod(SPEC)] }],
  ['the pod has its old size', 'OldSize', 'ready', LARGER, { pods: [readyPod(SPEC)] }],
]

for (const [why, reason, step, spec, seen] of WAITS) {
  t.test(`waits while ${why}`, async (t) => {
    t.match(decideFor(spec, seen), { next: 'wait', reason, step, message: /./ })
  })
}

t.test('is done when the one pod is ready and has its size', async (t) => {
  t.same(decideFor(SPEC), { step: 'ready', next: 'done' })
  t.same(decideFor(SPEC, { pods: [pod, endedPod(SPEC)] }), { step: 'ready', next: 'done' }, 'ended pods do not count')
})

t.test('is done with a deleted tenant when no pod can write any more', async (t) => {
  t.same(decideFor(STOPPED), { step: 'stop', next: 'done' })
  t.same(decideFor(STOPPED, { pods: [endedPod(SPEC)] }), { step: 'stop', next: 'done' })
})

t.test('makes the Deployment when neither it nor a pod is there', async (t) => {
  const { deployment, resourceVersion } = appliedBy(decideFor(SPEC, { deployment: undefined, pods: [] }))
  t.equal(deployment.spec?.replicas, 1)
  t.equal(resourceVersion, undefined)
})

t.test('brings a deleted tenant back only when no pod is left', async (t) => {
  const stopped = liveDeployment(STOPPED)
  t.equal(appliedBy(decideFor(SPEC, { deployment: stopped, pods: [endedPod(SPEC)] })).deployment.spec?.replicas, 1)
})

t.test('stops a deleted tenant at once, whatever its pod does', async (t) => {
  for (const pods of [[pod], [terminating(pod)], [startingPod(SPEC)], []]) {
    const decision = decideFor(STOPPED, { deployment: liveDeployment(SPEC), pods })
    t.equal(decision.step, 'stop')
    t.equal(appliedBy(decision).deployment.spec?.replicas, 0)
  }
})

t.test('reads again if a newer spec has been written already', async (t) => {
  t.same(decideFor(SPEC, { deployment: fenced(5) }), { step: 'deployment', next: 'reread' })
})

t.test('takes over from an older spec, at the version that was read', async (t) => {
  const { deployment, resourceVersion } = appliedBy(decideFor(SPEC, { deployment: fenced(3) }))
  t.equal(deployment.metadata?.annotations?.[annotations.fence], '4')
  t.equal(resourceVersion, '100')
})

t.test('changes only the sizes in the live template when the size is another', async (t) => {
  const live = changedSpec(({ spec }) => {
    spec!.template.spec!.containers[0]!.image = 'kept:1'
  })
  const { deployment } = appliedBy(decideFor(LARGER, { deployment: live }))
  t.equal(deployment.spec?.template.spec?.containers[0]?.image, 'kept:1')
  t.equal(deployment.spec?.template.spec?.containers[0]?.resources?.limits?.memory, '4Gi')
})

t.test('does not roll a template that an older renderer made', async (t) => {
  const older = changedSpec(({ metadata, spec }) => {
    metadata!.annotations![annotations.renderer] = '0'
    spec!.template.spec!.containers[0]!.args = ['--as-it-was']
    spec!.template.spec!.terminationGracePeriodSeconds = 7
  })
  t.same(decideFor(SPEC, { deployment: older }), { step: 'ready', next: 'done' })
  const { deployment } = appliedBy(decideFor(LARGER, { deployment: older }))
  t.same(deployment.spec?.template.spec?.containers[0]?.args, ['--as-it-was'])
  t.equal(deployment.spec?.template.spec?.terminationGracePeriodSeconds, 7)
})

t.test('does not roll a template that another hand has changed', async (t) => {
  const injected = changedSpec(({ spec }) => {
    spec!.template.spec!.containers.push({ name: 'sidecar', image: 'mesh:1' })
    spec!.template.metadata!.annotations!['mesh.example.com/inject'] = 'true'
  })
  t.same(decideFor(SPEC, { deployment: injected }), { step: 'ready', next: 'done' })
})

t.test('renders the whole template anew for an operation that asks for one', async (t) => {
  const spec = aSpec({ generation: 5, desired: { image: 'new:2', templateRevision: 2 } })
  const { deployment } = appliedBy(decideFor(spec, { deployment: liveDeployment(SPEC) }))
  t.equal(deployment.spec?.template.spec?.containers[0]?.image, 'new:2')
  t.equal(deployment.spec?.template.metadata?.annotations?.[annotations.templateRevision], '2')
})

t.test('renders the whole template anew when the database starts anyway', async (t) => {
  const stopped = liveDeployment(STOPPED, ({ spec, metadata }) => {
    metadata!.annotations![annotations.renderer] = '0'
    spec!.template.spec!.containers[0]!.image = 'old:1'
  })
  const { deployment } = appliedBy(decideFor(SPEC, { deployment: stopped, pods: [] }))
  t.equal(deployment.spec?.template.spec?.containers[0]?.image, SPEC.desired.image)
})

t.test('takes back a pause, a second replica and a rolling update', async (t) => {
  for (const change of [{ paused: true }, { replicas: 2 }, { strategy: { type: 'RollingUpdate' } }]) {
    const live = changedSpec(({ spec }) => Object.assign(spec!, change))
    t.match(appliedBy(decideFor(SPEC, { deployment: live })).deployment.spec, {
      paused: false,
      replicas: 1,
      strategy: { type: 'Recreate' },
    })
  }
})
