import type { V1PodSpec } from '@kubernetes/client-node'
import t from 'tap'
import type { Asked } from '../../../../src/manifests/options.ts'
import { nextPod, resizedPod } from '../../../../src/tenants/plan/next-pod.ts'
import { aSpec, liveDeployment, readyPod } from '../../../helpers/observed.ts'
import { LARGE, SMALL } from '../../../helpers/resizing.ts'

const MESH = { key: 'mesh', operator: 'Exists' }
const SIDECAR = { name: 'sidecar', image: 'mesh', restartPolicy: 'Always' }
const BESIDE = { name: 'beside', image: 'agent' }

/** What webhooks make of a tenant's pod, which its Deployment knows nothing of. */
function addedTo(options: Asked = {}, change: (spec: V1PodSpec) => void = () => {}) {
  const pod = readyPod(aSpec({ options }))
  const spec = pod.spec!
  spec.tolerations = [...(spec.tolerations ?? []), MESH]
  spec.nodeSelector = { ...spec.nodeSelector, pool: 'mesh' }
  spec.initContainers = [SIDECAR]
  spec.containers.push(BESIDE)
  Object.assign(spec.containers[0]!.resources!.requests!, { 'ephemeral-storage': '1Gi' })
  Object.assign(spec, {
    priority: 7,
    priorityClassName: 'default',
    overhead: { memory: '64Mi' },
    schedulerName: 'mesh',
  })
  change(spec)
  return pod
}

function next(from: Asked, to: Asked, change?: (spec: V1PodSpec) => void): V1PodSpec {
  const [before, after] = [aSpec({ options: from }), aSpec({ options: to, desired: { templateRevision: 2 } })]
  return nextPod('user123', before.desired, after.desired, addedTo(from, change), liveDeployment(before)).spec!
}

t.test('is the running pod with other sizes where nothing else changes, on no node yet', async (t) => {
  const pod = addedTo()
  const { spec, status } = nextPod('user123', SMALL.desired, LARGE.desired, pod, liveDeployment(SMALL))
  t.match(spec?.containers[0]?.resources, {
    requests: { memory: '2Gi', cpu: '750m', 'ephemeral-storage': '1Gi' },
    limits: { memory: '2Gi' },
  })
  const { nodeName: _, ...rest } = pod.spec!
  t.same({ ...spec, containers: [] }, { ...rest, containers: [] })
  t.equal(status, undefined)
  t.equal(resizedPod(pod, LARGE.desired).spec?.nodeName, 'node-1')
})

t.test('is what is rendered anew, with what webhooks add again', async (t) => {
  const spec = next({ nodeSelector: { disk: 'ssd' } }, { nodeSelector: { disk: 'nvme' }, priorityClassName: null })
  t.same(spec.nodeSelector, { pool: 'mesh', disk: 'nvme' })
  t.same(spec.tolerations, [MESH])
  t.same(
    [...spec.initContainers!, ...spec.containers].map(({ name }) => name),
    ['sidecar', 'fluxiondb', 'beside'],
  )
  t.equal(spec.containers[0]?.resources?.requests?.['ephemeral-storage'], '1Gi')
  t.match(spec, { priority: 7, priorityClassName: 'default', overhead: { memory: '64Mi' }, schedulerName: 'mesh' })
})

t.test('leaves off what the tenant does without from now on', async (t) => {
  const own = { key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' }
  const spec = next({ tolerations: [own], nodeSelector: { disk: 'ssd' } }, {})
  t.same(spec.tolerations, [MESH])
  t.same(spec.nodeSelector, { pool: 'mesh' })
})

t.test('has the affinity that is asked for, else that of a webhook', async (t) => {
  const affinity = (key: string) => ({ podAffinity: { labelSelector: key } }) as never
  const added = (spec: V1PodSpec) => {
    spec.affinity = affinity('webhook')
  }
  t.same(next({}, {}, added).affinity, affinity('webhook'))
  t.same(next({}, { affinity: affinity('tenant') }, added).affinity, affinity('tenant'))
  t.equal(next({ affinity: affinity('tenant') }, {}).affinity, undefined)
})

t.test('is above all others where nobody knows what its class is worth', async (t) => {
  const spec = next({}, { priorityClassName: 'another' }, (spec) => {
    delete spec.priorityClassName
  })
  t.match(spec, { priorityClassName: 'another', priority: Number.POSITIVE_INFINITY })
})
