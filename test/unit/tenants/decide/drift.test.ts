import t from 'tap'
import { renderDeployment } from '../../../../src/manifests/deployment.ts'
import { annotations } from '../../../../src/manifests/labels.ts'
import { driftOf } from '../../../../src/tenants/decide/drift.ts'
import { tenantOf } from '../../../../src/tenants/record/spec.ts'
import { SERVICE_IDENTITY } from '../../../fixtures/tenants.ts'
import { anOperation, aSpec, observed, RUNNING } from '../../../helpers/observed.ts'

const spec = aSpec()
const drift = (live = observed(spec), record = spec) => driftOf(record, live, SERVICE_IDENTITY)

t.test('there is none in what was rendered', async (t) => t.same(drift(), []))

t.test('a field is told with what is wanted and found, and an object that is missing as a whole', async (t) => {
  const live = observed(spec)
  const service = { ...live.service!, spec: { ...live.service!.spec, type: 'LoadBalancer' } }
  t.same(drift({ ...live, service, networkPolicy: undefined }), [
    {
      userId: spec.userId,
      object: `Service/${service.metadata!.name}`,
      field: 'spec.type',
      wanted: '"ClusterIP"',
      found: '"LoadBalancer"',
      repair: 'automatic',
    },
    {
      userId: spec.userId,
      object: `NetworkPolicy/${service.metadata!.name}`,
      field: '',
      wanted: `"${service.metadata!.name}"`,
      found: null,
      repair: 'automatic',
    },
  ])
})

t.test('sizes are mended without a restart, and all else of a pod template is not', async (t) => {
  const live = observed(spec)
  const deployment = renderDeployment(tenantOf(spec, { resizePods: true }))
  const [container] = deployment.spec!.template.spec!.containers
  container!.image = 'other/image:1'
  container!.resources = { ...container!.resources, limits: { ...container!.resources!.limits, memory: '7Gi' } }
  t.match(drift({ ...live, deployment: { ...live.deployment!, ...deployment } }), [
    { field: 'spec.template.spec.containers[fluxiondb].resources.limits.memory', found: '"7Gi"', repair: 'automatic' },
    { field: 'spec.template.spec.containers[fluxiondb].image', found: '"other/image:1"', repair: 'restart' },
  ])
})

t.test('what policies change, and what an operation is at work on, is none', async (t) => {
  const live = observed(spec)
  const service = { ...live.service!, spec: { ...live.service!.spec, type: 'LoadBalancer' } }
  const note = { [annotations.rewritten]: 'spec.type' }
  const explained = { ...service, metadata: { ...service.metadata, annotations: note } }
  t.same(drift({ ...live, service: explained }), [])
  t.same(drift({ ...live, service }, aSpec({ operation: anOperation(RUNNING) })), [])
})
