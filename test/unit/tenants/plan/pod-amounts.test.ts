import type { V1Container, V1Pod } from '@kubernetes/client-node'
import t from 'tap'
import { formatAmount } from '../../../../src/tenants/plan/amounts.ts'
import { limitsOf, requestsOf } from '../../../../src/tenants/plan/pod-amounts.ts'

type Amounts = Record<string, string>
const container = (requests: Amounts, limits: Amounts = {}, more: Partial<V1Container> = {}): V1Container => ({
  name: 'fluxiondb',
  resources: { requests, limits },
  ...more,
})
const SIDECAR = { name: 'sidecar', restartPolicy: 'Always' }
const DATABASE = container({ cpu: '500m', memory: '1Gi' }, { cpu: '1', memory: '1Gi' })

const shown = (amounts: ReturnType<typeof requestsOf>) =>
  Object.entries(amounts)
    .map(([name, amount]) => `${name} ${formatAmount(name, amount)}`)
    .join(', ')
const pod = (spec: Partial<NonNullable<V1Pod['spec']>>, status: V1Pod['status'] = {}): V1Pod => ({
  spec: { containers: [DATABASE], ...spec },
  status,
})
const resizing = (resources: V1Container['resources'], allocated: Amounts, reason?: string): V1Pod['status'] => ({
  containerStatuses: [
    {
      name: 'fluxiondb',
      image: '',
      imageID: '',
      ready: true,
      restartCount: 0,
      resources: resources!,
      allocatedResources: allocated,
    },
  ],
  ...(reason ? { conditions: [{ type: 'PodResizePending', status: 'True', reason }] } : {}),
})

const PODS: [what: string, pod: V1Pod, requests: string, limits: string][] = [
  ['of one container', pod({}), 'cpu 500m, memory 1Gi', 'cpu 1000m, memory 1Gi'],
  [
    'with a container beside it',
    pod({ containers: [DATABASE, container({ memory: '1Gi', 'example.com/disk': '2' })] }),
    'cpu 500m, memory 2Gi, example.com/disk 2',
    'cpu 1000m, memory 1Gi',
  ],
  [
    'with a sidecar among its init containers',
    pod({ initContainers: [container({ cpu: '100m' }, { cpu: '2' }, SIDECAR)] }),
    'cpu 600m, memory 1Gi',
    'cpu 3000m, memory 1Gi',
  ],
  [
    'with an init container that is larger than all that runs later',
    pod({ initContainers: [container({ memory: '3Gi' })] }),
    'cpu 500m, memory 3Gi',
    'cpu 1000m, memory 1Gi',
  ],
  [
    'with an init container after a sidecar, beside which it runs',
    pod({
      initContainers: [container({ memory: '1Gi' }, {}, SIDECAR), container({ memory: '3Gi' }, {}, { name: 'init' })],
    }),
    'cpu 500m, memory 4Gi',
    'cpu 1000m, memory 1Gi',
  ],
  [
    'with an init container before a sidecar, which has ended by then',
    pod({
      initContainers: [container({ memory: '2Gi' }, {}, { name: 'init' }), container({ memory: '1Gi' }, {}, SIDECAR)],
    }),
    'cpu 500m, memory 2Gi',
    'cpu 1000m, memory 1Gi',
  ],
  [
    'whose runtime takes something for itself',
    pod({ overhead: { cpu: '250m', 'ephemeral-storage': '1Gi' } }),
    'cpu 750m, memory 1Gi, ephemeral-storage 1Gi',
    'cpu 1250m, memory 1Gi',
  ],
  [
    'with a size of its own',
    pod({ resources: { requests: { memory: '4Gi' }, limits: { memory: '5Gi' } } }),
    'cpu 500m, memory 4Gi',
    'cpu 1000m, memory 5Gi',
  ],
  [
    'that is growing: what it asks for',
    pod({}, resizing({ requests: { memory: '512Mi' }, limits: { memory: '512Mi' } }, { memory: '512Mi' })),
    'memory 1Gi, cpu 500m',
    'memory 1Gi, cpu 1000m',
  ],
  [
    'that is shrinking: what it still has',
    pod({}, resizing({ requests: { memory: '2Gi' }, limits: { memory: '2Gi' } }, { memory: '3Gi' })),
    'memory 3Gi, cpu 500m',
    'memory 2Gi, cpu 1000m',
  ],
  [
    'that will never be given what it asks for: what it has',
    pod(
      {},
      resizing({ requests: { memory: '512Mi' }, limits: { memory: '512Mi' } }, { memory: '512Mi' }, 'Infeasible'),
    ),
    'memory 512Mi',
    'memory 512Mi',
  ],
]

for (const [what, one, requests, limits] of PODS) {
  t.test(`sums up a pod ${what}`, async (t) => {
    t.equal(shown(requestsOf(one)), requests)
    t.equal(shown(limitsOf(one)), limits)
  })
}
