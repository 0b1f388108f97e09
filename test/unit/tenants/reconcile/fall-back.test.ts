import type { V1Node } from '@kubernetes/client-node'
import t from 'tap'
import { KubernetesError } from '../../../../src/kubernetes/errors.ts'
import { fallBackToRestart } from '../../../../src/tenants/reconcile/fall-back.ts'
import type { Plan } from '../../../../src/tenants/record/plan.ts'
import type { Recorded } from '../../../../src/tenants/record/repository.ts'
import type { Spec } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { anOperation, aSpec, liveNamespace, observed, RUNNING } from '../../../helpers/observed.ts'
import { SMALL } from '../../../helpers/resizing.ts'

const NODE: V1Node = {
  metadata: { name: 'node-1' },
  status: {
    allocatable: { cpu: '8', memory: '64Gi', pods: '10' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
}

/** In the middle of a change in place from 1Gi to 2Gi, planned with this strategy. */
const growing = (strategy: Plan['strategy']) =>
  aSpec({ previous: SMALL.desired, operation: anOperation({ ...RUNNING, plan: { strategy } as Plan }) })

/** Stand in for an API server with these nodes, and for the record of one tenant. */
function fakes(spec: Spec, nodes: V1Node[], denied?: KubernetesError) {
  const state = { spec }
  const list = (items: object[]) => async () => ({ items })
  const core = {
    listNode: list(nodes),
    listPodForAllNamespaces: list([]),
    listNamespacedResourceQuota: list([]),
    listNamespacedLimitRange: list([]),
  }
  const custom = { getNamespacedCustomObject: async () => ({}) }
  const repository = {
    change: async (_: string, change: (recorded: Recorded) => Spec) => {
      state.spec = change({ spec: state.spec, namespace: liveNamespace(state.spec) })
    },
  }
  const apps = {
    patchNamespacedDeployment: async ({ body }: { body: object }) => {
      if (denied) throw denied
      return body
    },
  }
  const deps = { apis: { core, custom, apps }, capabilities: async () => CAPABILITIES, repository }
  return { deps: deps as never, state }
}

t.test('goes on by a restart where a new pod would start', async (t) => {
  const spec = growing('auto')
  const { deps, state } = fakes(spec, [NODE])
  t.same(await fallBackToRestart(deps, spec, observed(SMALL)), { restarts: true, reasons: [] })
  t.equal(state.spec.operation.resize, 'restart')
})

t.test('ends no database for which there is no other place', async (t) => {
  const spec = growing('auto')
  const { deps, state } = fakes(spec, [{ ...NODE, spec: { unschedulable: true } }])
  const { restarts, reasons } = await fallBackToRestart(deps, spec, observed(SMALL))
  t.equal(restarts, false)
  t.match(reasons, [{ code: 'NoUsableNode' }])
  t.equal(state.spec, spec)
})

t.test('ends no database whose new Deployment a policy denies', async (t) => {
  const spec = growing('auto')
  const denied = new KubernetesError(
    400,
    'BadRequest',
    'admission webhook "no.example.com" denied the request: not today',
  )
  const { deps, state } = fakes(spec, [NODE], denied)
  t.match(await fallBackToRestart(deps, spec, observed(SMALL)), {
    restarts: false,
    reasons: [{ code: 'NotAccepted', message: /not today/ }],
  })
  t.equal(state.spec, spec)
})

t.test('restarts nothing that was to be changed in place', async (t) => {
  const spec = growing('inPlace')
  const { deps, state } = fakes(spec, [NODE])
  t.same(await fallBackToRestart(deps, spec, observed(SMALL)), { restarts: false, reasons: [] })
  t.equal(state.spec, spec)
})
