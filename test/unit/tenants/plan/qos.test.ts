import type { V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import { changesQos } from '../../../../src/tenants/plan/qos.ts'
import { DEFAULT_DESIRED } from '../../../fixtures/tenants.ts'

const EXACT = { ...DEFAULT_DESIRED, cpu: { request: '1000m', limit: '1' } }
const SIDECAR = { name: 'sidecar', resources: { limits: { cpu: '1', memory: '1Gi' } } }
const pod = (qosClass: string, ...others: { name: string }[]): V1Pod => ({
  spec: { containers: [{ name: 'fluxiondb' }, ...others] },
  status: { qosClass },
})

const SIZED = { resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } }
const starting = (one: { name: string }): V1Pod => ({
  ...pod('Burstable'),
  spec: { containers: [{ name: 'fluxiondb' }], initContainers: [one] },
})
const sized = (size: Record<string, string>): V1Pod => ({
  ...pod('Guaranteed'),
  spec: { containers: [{ name: 'fluxiondb' }], resources: { requests: size, limits: size } },
})

t.test(
  'is another class if and only if every container comes to ask for exactly its limits, or no longer does',
  async (t) => {
    t.equal(changesQos(pod('Burstable'), DEFAULT_DESIRED), false)
    t.equal(changesQos(pod('Guaranteed'), EXACT), false)
    t.equal(changesQos(pod('Burstable'), EXACT), true)
    t.equal(changesQos(pod('Guaranteed'), DEFAULT_DESIRED), true)
    t.equal(changesQos(pod('Burstable', SIDECAR), EXACT), false, 'a sidecar keeps it from it')
    t.equal(changesQos(pod('Burstable', { ...SIDECAR, ...SIZED }), EXACT), true, 'but for one that is exact itself')
    t.equal(changesQos(starting(SIDECAR), EXACT), false, 'also one among the init containers')
    t.equal(changesQos(starting({ ...SIDECAR, ...SIZED }), EXACT), true)
    t.equal(changesQos(sized({ cpu: '1', memory: '4Gi' }), DEFAULT_DESIRED), false, 'or the pod has a size of its own')
  },
)

t.test('says nothing of a pod whose class is not known', async (t) => {
  t.equal(changesQos({ spec: { containers: [] } }, EXACT), false)
})
