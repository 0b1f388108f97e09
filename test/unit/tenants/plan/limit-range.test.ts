import type { V1Container, V1LimitRange, V1LimitRangeItem, V1PodSpec } from '@kubernetes/client-node'
import t from 'tap'
import { claimRangeObstacles, podRangeObstacles, withRangeDefaults } from '../../../../src/tenants/plan/limit-range.ts'

/** That these rules are Kubernetes' own is shown on a real API server: test/integration/limits.test.ts. */

const range = (...limits: V1LimitRangeItem[]): V1LimitRange => ({ metadata: { name: 'theirs' }, spec: { limits } })
const DATABASE: V1Container = {
  name: 'fluxiondb',
  resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
}
const SIDECAR = { name: 'sidecar', restartPolicy: 'Always' }
const messages = (item: V1LimitRangeItem, spec: Partial<V1PodSpec> = {}) =>
  podRangeObstacles({ spec: { containers: [DATABASE], ...spec } }, [range(item)]).map(({ message }) => message)

t.test('says which range allows how much for what, and what it would be', async (t) => {
  t.same(
    podRangeObstacles({ spec: { containers: [DATABASE] } }, [range({ type: 'Container', max: { memory: '512Mi' } })]),
    [
      {
        code: 'LimitRange',
        message:
          'the limit range theirs allows at most 512Mi of memory for the container fluxiondb, which would have 1Gi',
      },
    ],
  )
  t.same(messages({ type: 'Pod', min: { cpu: '750m' } }), [
    'the limit range theirs asks for at least 750m of cpu for the pod, which would have 500m and a limit of 1000m',
  ])
  t.same(messages({ type: 'Container', maxLimitRequestRatio: { cpu: '1500m' } }), [
    'the limit range theirs allows a limit of cpu of at most 1500m times the request for the container fluxiondb, which would have 500m and a limit of 1000m',
  ])
})

t.test('has nothing against what is exactly as much as is allowed', async (t) => {
  const bounds = { cpu: '1000m', memory: '1024Mi' }
  t.same(messages({ type: 'Container', max: bounds, min: { cpu: '500m', memory: '1Gi' } }), [])
  t.same(messages({ type: 'Pod', max: bounds, maxLimitRequestRatio: { cpu: '2', memory: '1' } }), [])
})

t.test('counts sidecars each, and in the sum of the pod', async (t) => {
  const sidecar = (memory: string) => ({
    initContainers: [{ ...SIDECAR, resources: { limits: { memory }, requests: { memory } } }],
  })
  t.equal(messages({ type: 'Container', min: { memory: '128Mi' } }, sidecar('64Mi')).length, 1)
  t.equal(messages({ type: 'Pod', max: { memory: '1Gi' } }, sidecar('64Mi')).length, 1)
  t.equal(messages({ type: 'Pod', max: { memory: '1088Mi' } }, sidecar('64Mi')).length, 0)
  t.equal(
    messages({ type: 'Pod', max: { memory: '1Gi' } }, { overhead: { memory: '1Gi' } }).length,
    0,
    'what the runtime takes is no part of it',
  )
})

t.test('refuses what is not named, as it could be any amount', async (t) => {
  t.match(messages({ type: 'Pod', max: { 'ephemeral-storage': '1Gi' } }), [/which would have none$/])
  t.match(messages({ type: 'Pod', min: { 'ephemeral-storage': '1Gi' } }), [/which would have none$/])
  t.match(messages({ type: 'Pod', maxLimitRequestRatio: { 'ephemeral-storage': '2' } }), [/which would have none$/])
})

t.test('fills in what a container leaves out, from the first range that knows, and nothing that it says', async (t) => {
  const pod = { spec: { containers: [DATABASE], initContainers: [SIDECAR] } }
  const ranges = [
    range({ type: 'Pod', _default: { cpu: '9' } }, { type: 'Container', _default: { cpu: '2' } }),
    range({ type: 'Container', _default: { cpu: '4', memory: '2Gi' }, defaultRequest: { memory: '1Gi' } }),
  ]
  const { containers, initContainers } = withRangeDefaults(pod, ranges).spec!
  t.same(containers[0]?.resources, DATABASE.resources)
  t.same(initContainers?.[0]?.resources, { limits: { cpu: '2', memory: '2Gi' }, requests: { memory: '1Gi' } })
})

t.test('judges a claim by what it asks for', async (t) => {
  const claim = { spec: { resources: { requests: { storage: '8Gi' } } } }
  const refused = (item: Omit<V1LimitRangeItem, 'type'>) =>
    claimRangeObstacles(claim, [
      range({ type: 'PersistentVolumeClaim', ...item }),
      range({ type: 'Pod', max: { storage: '1' } }),
    ])
  t.match(refused({ max: { storage: '6Gi' } }), [
    { message: 'the limit range theirs allows at most 6Gi of storage for the claim, which would have 8Gi' },
  ])
  t.match(refused({ min: { storage: '10Gi' } }), [{ code: 'LimitRange' }])
  t.same(refused({ min: { storage: '8Gi' }, max: { storage: '8Gi' } }), [])
})
