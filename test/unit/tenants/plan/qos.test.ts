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

t.test(
  'is another class if and only if every container comes to ask for exactly its limits, or no longer does',
  async (t) => {
    t.equal(changesQos(pod('Burstable'), DEFAULT_DESIRED), false)
    t.equal(changesQos(pod('Guaranteed'), EXACT), false)
    t.equal(changesQos(pod('Burstable'), EXACT), true)
    t.equal(changesQos(pod('Guaranteed'), DEFAULT_DESIRED), true)
    t.equal(changesQos(pod('Burstable', SIDECAR), EXACT), false, 'a sidecar keeps it from it')
  },
)

t.test('says nothing of a pod whose class is not known', async (t) => {
  t.equal(changesQos({ spec: { containers: [] } }, EXACT), false)
})
