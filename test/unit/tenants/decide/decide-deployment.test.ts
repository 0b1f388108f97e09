import type { V1Deployment } from '@kubernetes/client-node'
import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import type { Decision } from '../../../../src/tenants/decide/decide.ts'
import { decideDeployment } from '../../../../src/tenants/decide/decide-deployment.ts'
import { ROWS } from '../../../../src/tenants/decide/rows.ts'
import { tenantOf } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import {
  canonical,
  liveDeployment,
  liveReplicaSet,
  readyPod,
  startingPod,
  terminating,
} from '../../../helpers/observed.ts'
import {
  type ClusterPolicy,
  decideFor,
  fenced,
  LARGE,
  LARGE_SIZE,
  pausedDeployment,
  resizedPod,
  rowsSeen,
  SMALL,
  SMALL_SIZE,
  unobserved,
  type Workloads,
} from '../../../helpers/resizing.ts'

const STOPPED = { ...LARGE, deletedAt: '2026-01-02T00:00:00.000Z' }
const SUSPENDED = { ...LARGE, suspended: true }
const RESTARTED = { ...LARGE, desired: { ...LARGE.desired, templateRevision: 2 } }
const BY_RESTART = { ...LARGE, operation: { ...LARGE.operation, resize: 'restart' as const } }

const small = { deployment: liveDeployment(SMALL), replicaSets: [liveReplicaSet(SMALL)], pods: [readyPod(SMALL)] }
const granted = resizedPod(SMALL, LARGE_SIZE, 'granted')
const held = resizedPod(LARGE, LARGE_SIZE, 'granted')
const paused = pausedDeployment(LARGE)
const other = liveReplicaSet(SMALL, { name: 'rs-0' })
other.spec!.replicas = 0
const foreignTemplate = liveReplicaSet(SMALL)
foreignTemplate.spec!.template!.spec!.containers[0]!.image = 'another:1'
const inRollout = liveDeployment(LARGE, ({ status }) => Object.assign(status!, { updatedReplicas: 0 }))
const rolling = liveDeployment(SMALL, ({ spec }) => Object.assign(spec!, { strategy: { type: 'RollingUpdate' } }))
/** As its controller leaves it: the quota has refused the second pod. */
const scaled = (spec: typeof LARGE) =>
  liveDeployment(spec, ({ spec, status }) => {
    spec!.replicas = 2
    status!.conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: x' }]
  })
const refusedByQuota = liveDeployment(LARGE, ({ status }) => {
  status!.conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: x' }]
})
const empty = { ...liveReplicaSet(LARGE), status: { replicas: 0, observedGeneration: 1 } }
const withRoom = { metadata: { resourceVersion: '7' }, status: { used: { pods: '0' } } }
const pending = startingPod(LARGE)
delete pending.spec!.nodeName
/** Under a pause, with a ReplicaSet as the last act has left it. */
const under = (...replicaSets: Workloads['replicaSets']) => ({ deployment: paused, replicaSets, pods: [held] })

/** Each act in a word, each wait with its reason. */
function told(decision: Decision): string {
  if (decision.next === 'wait') return `wait ${decision.reason}`
  if (decision.next !== 'act') return decision.next
  return decision.acts
    .map((act) => {
      if (act.do !== 'apply') return act.do
      const { replicas, paused, template } = (act.object as V1Deployment).spec!
      const { resources } = template.spec!.containers[0]!
      return `apply ${replicas} of ${resources!.limits!.memory}${paused ? ' paused' : ''}`
    })
    .join()
}

/** In the order of the rows of the sequence; the first that holds wins. */
const TABLE: [state: string, act: string, spec: typeof LARGE, seen: Partial<Workloads>][] = [
  ['the fence is newer', 'reread', LARGE, { deployment: fenced(liveDeployment(LARGE), 6) }],
  ['a newer fence, deleted', 'reread', STOPPED, { deployment: fenced(liveDeployment(LARGE), 6) }],

  ['no Deployment, no pod', 'apply 1 of 2Gi', LARGE, { deployment: undefined, replicaSets: [], pods: [] }],
  ['no Deployment, its pod still there', 'wait PodTerminating', LARGE, { deployment: undefined }],
  ['Deployment going', 'wait DeploymentTerminating', LARGE, { deployment: terminating(liveDeployment(LARGE)) }],

  ['a rolling update', 'set-recreate', LARGE, { ...small, deployment: rolling }],
  ['a rolling update, deleted', 'set-recreate', STOPPED, { ...small, deployment: rolling }],
  ['a rolling update of a newer fence', 'reread', LARGE, { deployment: fenced(rolling, 6) }],

  ['deleted, running', 'apply 0 of 2Gi', STOPPED, { deployment: liveDeployment(LARGE), pods: [held] }],
  ['suspended, running', 'apply 0 of 2Gi', SUSPENDED, { deployment: liveDeployment(LARGE), pods: [held] }],
  ['suspended, paused in the middle of a resize', 'apply 0 of 2Gi', SUSPENDED, under(other)],
  ['suspended, resized', 'apply 0 of 2Gi', SUSPENDED, { deployment: liveDeployment({ ...SMALL, suspended: true }) }],
  ['suspended, not observed', 'wait NotObserved', SUSPENDED, { deployment: unobserved(liveDeployment(SUSPENDED)) }],
  ['suspended, pod ending', 'wait PodTerminating', SUSPENDED, { pods: [terminating(held)] }],
  ['suspended, no pod', 'done', SUSPENDED, {}],
  [
    'resumed, old pod ending',
    'wait PodTerminating',
    LARGE,
    { deployment: liveDeployment(STOPPED), pods: [terminating(held)] },
  ],
  ['resumed, no pod', 'apply 1 of 2Gi', LARGE, { deployment: liveDeployment(STOPPED), pods: [] }],
  ['a new template', 'apply 1 of 2Gi', RESTARTED, { deployment: liveDeployment(LARGE) }],
  ['a new template, paused in the middle of a resize', 'apply 1 of 2Gi', RESTARTED, under(other)],
  ['a size by a restart', 'apply 1 of 2Gi', BY_RESTART, small],
  ['a size by a restart, paused in the middle of a resize', 'apply 1 of 2Gi', BY_RESTART, under(other)],
  ['a size by a restart, done', 'done', BY_RESTART, {}],

  [
    'right, no pod, refused by a quota that has room again',
    'wake-replica-set',
    LARGE,
    { deployment: refusedByQuota, replicaSets: [empty], pods: [], quota: withRoom },
  ],
  ['right, no pod', 'wait NoPod', LARGE, { pods: [] }],
  ['right, pod pending', 'wait Starting', LARGE, { pods: [pending] }],
  ['right, pod ending', 'wait Terminating', LARGE, { pods: [terminating(held)] }],
  ['right, a second pod', 'wait Starting', LARGE, { pods: [startingPod(LARGE), held] }],
  ['right, pod of another size', 'resize-pod', LARGE, { pods: [readyPod(SMALL)] }],
  ['right, pod starting', 'wait Starting', LARGE, { pods: [startingPod(LARGE)] }],
  ['right, pod right', 'done', LARGE, { pods: [held] }],

  ['right, scaled by another hand', 'apply 1 of 2Gi', LARGE, { deployment: scaled(LARGE), pods: [held] }],
  ['size wrong, scaled by another hand', 'apply 1 of 1Gi', LARGE, { ...small, deployment: scaled(SMALL) }],
  ['suspended, scaled by another hand', 'apply 0 of 2Gi', SUSPENDED, { deployment: scaled(LARGE), pods: [held] }],

  ['not observed', 'wait RollingOut', LARGE, { deployment: unobserved(liveDeployment(LARGE)) }],
  ['size wrong, not observed', 'wait RollingOut', LARGE, { ...small, deployment: unobserved(small.deployment) }],
  ['size wrong, rolling out', 'wait RollingOut', LARGE, { deployment: fenced(inRollout, 4) }],
  ['size wrong, no active ReplicaSet', 'wait RollingOut', LARGE, { ...small, replicaSets: [other] }],
  [
    'size wrong, two active ReplicaSets',
    'wait RollingOut',
    LARGE,
    { ...small, replicaSets: [liveReplicaSet(SMALL), liveReplicaSet(SMALL, { name: 'rs-2' })] },
  ],
  ['size wrong, no pod', 'wait NoPod', LARGE, { ...small, pods: [] }],

  ['size wrong, pod of the old size', 'resize-pod', LARGE, small],
  ['size wrong, pod asked', 'wait NotObserved', LARGE, { ...small, pods: [resizedPod(SMALL, LARGE_SIZE)] }],
  ['size wrong, pod granted', 'apply 1 of 2Gi paused', LARGE, { ...small, pods: [granted] }],
  [
    'fence wrong, pod of another size',
    'resize-pod',
    LARGE,
    { deployment: fenced(liveDeployment(LARGE), 4), pods: [readyPod(SMALL)] },
  ],
  ['fence wrong', 'apply 1 of 2Gi paused', LARGE, { deployment: fenced(liveDeployment(LARGE), 4) }],

  [
    'paused, size foreign',
    'apply 1 of 2Gi paused',
    LARGE,
    { ...small, deployment: fenced(pausedDeployment(SMALL), 5) },
  ],
  ['paused, fence foreign', 'apply 1 of 2Gi paused', LARGE, { ...small, deployment: fenced(paused, 4) }],
  ['paused, not observed', 'wait NotObserved', LARGE, { ...small, deployment: unobserved(paused) }],
  ['paused, no active ReplicaSet', 'apply 1 of 2Gi', LARGE, under(other)],
  [
    'paused, two active ReplicaSets',
    'apply 1 of 2Gi',
    LARGE,
    under(liveReplicaSet(SMALL), liveReplicaSet(LARGE, { name: 'rs-2' })),
  ],
  ['paused, a foreign template', 'apply 1 of 2Gi', LARGE, under(foreignTemplate)],
  ['paused, another ReplicaSet', 'delete-replica-set', LARGE, under(other, liveReplicaSet(SMALL))],
  ["paused, ReplicaSet's size wrong", 'patch-replica-set', LARGE, under(fenced(liveReplicaSet(SMALL), 5))],
  ["paused, ReplicaSet's fence wrong", 'patch-replica-set', LARGE, under(fenced(liveReplicaSet(LARGE), 4))],
  ['paused, ReplicaSet not observed', 'wait NotObserved', LARGE, under(unobserved(liveReplicaSet(LARGE)))],
  ['paused, all equal', 'apply 1 of 2Gi', LARGE, under(liveReplicaSet(LARGE))],
  ['paused, all equal, the pod lost', 'apply 1 of 2Gi', LARGE, { ...under(liveReplicaSet(LARGE)), pods: [] }],
  [
    'paused, another ReplicaSet that is going',
    'apply 1 of 2Gi',
    LARGE,
    under(terminating(other), liveReplicaSet(LARGE)),
  ],
]

for (const [state, act, spec, seen] of TABLE) {
  t.test(`${state}: ${act}`, async (t) => {
    t.equal(told(decideFor(spec, seen)), act)
  })
}

t.test("leaves ReplicaSets alone that are not the Deployment's", async (t) => {
  const foreign = { ...other, metadata: { ...other.metadata, ownerReferences: [] } }
  t.equal(told(decideFor(LARGE, under(foreign, liveReplicaSet(LARGE)))), 'apply 1 of 2Gi')
})

t.test('names with every write the version that it was decided on', async (t) => {
  const acts = [small, { ...small, pods: [granted] }, under(other, liveReplicaSet(SMALL)), under(liveReplicaSet(SMALL))]
    .map((seen) => decideFor(LARGE, seen))
    .flatMap((decision) => (decision.next === 'act' ? decision.acts : []))
  t.match(acts, [
    { do: 'resize-pod', name: 'pod-1', uid: 'uid-of-pod-1', resourceVersion: '100', size: LARGE_SIZE },
    { do: 'apply', resourceVersion: '100' },
    { do: 'delete-replica-set', name: 'rs-0', uid: 'uid-of-rs-0', resourceVersion: '100' },
    { do: 'patch-replica-set', name: 'rs-1', resourceVersion: '100', size: LARGE_SIZE, fence: 5 },
  ])
})

t.test('shrinks as it grows: the pod first', async (t) => {
  const shrunk = { ...SMALL, generation: 6 }
  t.match(
    decideFor(shrunk, { deployment: liveDeployment(LARGE), replicaSets: [liveReplicaSet(LARGE)], pods: [held] }),
    {
      step: 'pod',
      next: 'act',
      // As the API server has it in the Deployment.
      acts: [{ do: 'resize-pod', size: canonical(SMALL_SIZE) as object }],
    },
  )
})

const CPU_LIMIT = 'spec.template.spec.containers[fluxiondb].resources.limits.cpu'

/** Policies that rewrite every Deployment that is written. */
const labelling: ClusterPolicy = (written) => {
  const changed = structuredClone(written)
  changed.spec!.template.metadata!.labels!['example.com/team'] = 'platform'
  return changed
}
const withoutCpuLimit: ClusterPolicy = (written) => {
  const changed = structuredClone(written)
  for (const { resources } of changed.spec!.template.spec!.containers) delete resources?.limits?.cpu
  return changed
}
const capping: ClusterPolicy = (written) => {
  const changed = structuredClone(written)
  for (const { resources } of changed.spec!.template.spec!.containers) resources!.limits!.memory = '1Gi'
  return changed
}

t.test('asks what policies would make of a change before it makes it', async (t) => {
  const decision = decideDeployment(tenantOf(LARGE, CAPABILITIES), small)
  t.match(decision, { step: 'deployment', next: 'act', acts: [{ do: 'dry-run', uid: 'uid-of-Deployment' }] })
})

t.test('changes no size in place where a policy would change the template too', async (t) => {
  const decision = decideFor(LARGE, small, labelling)
  t.match(decision, { next: 'rewritten', message: /spec\.template\.metadata\.labels\.example\.com\/team/ })
  t.equal(told(decideFor(BY_RESTART, small, labelling)), 'apply 1 of 2Gi', 'by a restart it does')
})

t.test('never rolls for a fence alone', async (t) => {
  t.equal(told(decideFor(LARGE, { deployment: fenced(liveDeployment(LARGE), 4) }, labelling)), 'done')
})

t.test('lets a policy take CPU limits, notes that once, and takes it for no drift', async (t) => {
  const live = { ...small, deployment: withoutCpuLimit(small.deployment), pods: [granted] }
  const change = decideFor(LARGE, live, withoutCpuLimit)
  t.equal(told(change), 'apply 1 of 2Gi paused')
  t.match(change, { acts: [{ object: { metadata: { annotations: { [annotations.rewritten]: CPU_LIMIT } } } }] })
  const stripped = withoutCpuLimit(liveDeployment(LARGE))
  const unnoted = decideFor(LARGE, { deployment: stripped }, withoutCpuLimit)
  t.match(unnoted, { acts: [{ object: { spec: { paused: false } } }] })
  const noted = structuredClone(stripped)
  noted.metadata!.annotations![annotations.rewritten] = CPU_LIMIT
  t.equal(told(decideFor(LARGE, { deployment: noted, pods: [held] })), 'done')
})

t.test('gives up where a policy does not let the RAM be what it shall', async (t) => {
  t.match(decideFor(LARGE, small, capping), { next: 'failed', reason: 'NotAccepted', message: /limits\.memory$/ })
})

t.test('has an example of every row above', async (t) => {
  t.same([...rowsSeen].sort(), ROWS.map(({ name }) => name).sort())
})
