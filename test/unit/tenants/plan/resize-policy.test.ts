import type { V1Container } from '@kubernetes/client-node'
import t from 'tap'
import { renderResources } from '../../../../src/manifests/pod-template.ts'
import { restartingResources } from '../../../../src/tenants/plan/resize-policy.ts'
import { readyPod } from '../../../helpers/observed.ts'
import { LARGE, LARGE_SIZE, SMALL } from '../../../helpers/resizing.ts'

type Policies = Record<string, 'NotRequired' | 'RestartContainer'>

/** The pod of 1Gi with these policies. */
function pod(policies: Policies, change: (container: V1Container) => void = () => {}) {
  const one = readyPod(SMALL)
  const [container] = one.spec!.containers
  container!.resizePolicy = Object.entries(policies).map(([resourceName, restartPolicy]) => {
    return { resourceName, restartPolicy }
  })
  change(container!)
  return one
}

const MEMORY: Policies = { cpu: 'NotRequired', memory: 'RestartContainer' }
const CPU_ONLY = renderResources({ ...SMALL.desired, cpu: LARGE.desired.cpu })

t.test('names the resources whose change has the container restarted', async (t) => {
  t.same(restartingResources(pod({}), LARGE_SIZE), [])
  t.same(restartingResources(pod(MEMORY), LARGE_SIZE), ['memory'])
  t.same(restartingResources(pod({ ...MEMORY, cpu: 'RestartContainer' }), LARGE_SIZE), ['cpu', 'memory'])
})

t.test('names none that stays as it is, however it is written', async (t) => {
  t.same(restartingResources(pod(MEMORY), CPU_ONLY), [])
  const written = pod(MEMORY, ({ resources }) => Object.assign(resources!.limits!, { memory: '1024Mi' }))
  t.same(restartingResources(written, CPU_ONLY), [])
  t.same(restartingResources(pod({ cpu: 'RestartContainer' }), CPU_ONLY), ['cpu'])
})

t.test('goes by the pod as it is: a limit that it lacks is a change', async (t) => {
  const unlimited = pod({ cpu: 'RestartContainer' }, ({ resources }) => {
    delete resources!.limits!.cpu
  })
  t.same(restartingResources(unlimited, renderResources(SMALL.desired)), ['cpu'])
})

t.test('has no regard to what is beside the database', async (t) => {
  const one = pod({})
  const [{ resizePolicy: _, ...database }] = one.spec!.containers as [V1Container]
  const policy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }]
  one.spec!.containers = [{ ...database, name: 'sidecar', resizePolicy: policy }, database]
  t.same(restartingResources(one, LARGE_SIZE), [])
})
