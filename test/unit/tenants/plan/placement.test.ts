import type { V1Node, V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import { type Placement, placementOf } from '../../../../src/tenants/plan/placement.ts'
import { fitOf, roomOn } from '../../../../src/tenants/plan/room.ts'

type Amounts = Record<string, string>

const SIZE = { cpu: '4', memory: '8Gi', pods: '110' }
const node = (name: string, allocatable: Amounts = SIZE, spec: V1Node['spec'] = {}): V1Node => ({
  metadata: { name },
  spec,
  status: { allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
})
const pod = (requests: Amounts, nodeName = 'a', spec: Partial<NonNullable<V1Pod['spec']>> = {}): V1Pod => ({
  spec: { nodeName, containers: [{ name: 'one', resources: { requests } }], ...spec },
})
const NEW = pod({ cpu: '1', memory: '2Gi' })
const CORDONED = { unschedulable: true }

const CLUSTERS: [what: string, nodes: V1Node[], pods: V1Pod[], state: Placement['state'], why?: string][] = [
  ['there is room', [node('a')], [], 'fits'],
  ['there is room beside others', [node('a')], [pod({ cpu: '3', memory: '6Gi' })], 'fits'],
  ['a byte is missing', [node('a')], [pod({ memory: '6442450945' })], 'full', '1 with too little memory left'],
  [
    'a sidecar of another pod takes the room',
    [node('a')],
    [withSidecar('7Gi')],
    'full',
    '1 with too little memory left',
  ],
  ['the room is taken elsewhere', [node('a'), node('b')], [pod({ memory: '8Gi' }, 'b')], 'fits'],
  ['no pod more is allowed', [node('a', { ...SIZE, pods: '1' })], [pod({})], 'full', '1 with too little pods left'],
  ['it says nothing of pods', [node('a', { cpu: '4', memory: '8Gi' })], [], 'small', '1 with too little pods in all'],
  ['all are too small', [node('a', { ...SIZE, memory: '1Gi' })], [], 'small', '1 with too little memory in all'],
  ['all are cordoned', [node('a', SIZE, CORDONED), node('b', SIZE, CORDONED)], [], 'unusable', '2 cordoned'],
  ['there are none', [], [], 'unusable', 'there is none'],
  [
    'none will do, each for a reason of its own',
    [node('a'), node('b', SIZE, CORDONED), node('c', { ...SIZE, cpu: '500m' })],
    [pod({ cpu: '4' })],
    'full',
    '1 with too little cpu left, 1 cordoned, 1 with too little cpu in all',
  ],
]

function withSidecar(memory: string): V1Pod {
  const sidecar = { name: 'sidecar', restartPolicy: 'Always', resources: { requests: { memory } } }
  return pod({}, 'a', { initContainers: [sidecar] })
}

for (const [what, nodes, pods, state, why] of CLUSTERS) {
  t.test(`is ${state} where ${what}`, async (t) => {
    const placement = placementOf(NEW, { nodes, pods, reach: undefined })
    t.equal(placement.state, state)
    if (why !== undefined) t.equal(placement.nodes, why)
  })
}

t.test('counts all that a pod asks for, not memory and CPU alone', async (t) => {
  const scratch = pod({ 'ephemeral-storage': '2Gi', 'example.com/disk': '1' })
  const state = (allocatable: Amounts) =>
    placementOf(scratch, { nodes: [node('a', { ...SIZE, ...allocatable })], pods: [], reach: undefined }).state
  t.equal(state({ 'ephemeral-storage': '10Gi', 'example.com/disk': '1' }), 'fits')
  t.equal(state({ 'ephemeral-storage': '1Gi', 'example.com/disk': '1' }), 'small')
  t.equal(state({ 'ephemeral-storage': '10Gi' }), 'small')
})

t.test('has the scheduler end pods of lower priority, where it would', async (t) => {
  const state = (priority: number, other: number, preemptionPolicy = 'PreemptLowerPriority') => {
    const pods = [pod({ memory: '7Gi' }, 'a', { priority: other })]
    return placementOf(pod({ memory: '2Gi' }, 'a', { priority, preemptionPolicy }), {
      nodes: [node('a')],
      pods,
      reach: undefined,
    }).state
  }
  t.equal(state(10, 0), 'preempts')
  t.equal(state(0, 0), 'full')
  t.equal(state(0, 10), 'full')
  t.equal(state(10, 0, 'Never'), 'full')
})

t.test('names no more kinds of nodes than a person would read', async (t) => {
  const nodes = Array.from({ length: 20 }, (_, index) =>
    node(`n${index}`, SIZE, { taints: [{ key: `k${index}`, effect: 'NoSchedule' }] }),
  )
  const { nodes: why } = placementOf(NEW, { nodes, pods: [], reach: undefined })
  t.match(why, /^1 tainted k0:NoSchedule, .*, 14 kinds more$/)
})

t.test('gives a running pod on its own node what others leave, whatever else that node is', async (t) => {
  const resized = pod({ cpu: '1', memory: '2Gi', 'ephemeral-storage': '99Ti' })
  const fit = (one: V1Node, ...others: V1Pod[]) => {
    const { ever, now } = fitOf(resized, roomOn(one, others))
    return [ever, now]
  }
  t.same(fit(node('a', { ...SIZE, pods: '0' }, CORDONED)), [true, true])
  t.same(fit(node('a'), pod({ memory: '7Gi' })), [true, false])
  t.same(fit(node('a', { ...SIZE, memory: '1Gi' })), [false, false])
  const asked = {
    ...resized,
    status: { conditions: [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }] },
  }
  t.equal(fitOf(asked, roomOn(node('a', { ...SIZE, memory: '1Gi' }), [])).ever, false, 'an earlier answer is forgotten')
})
