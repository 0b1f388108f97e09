import type { V1Pod, V1PodSpec, V1ResourceQuota, V1ResourceQuotaSpec } from '@kubernetes/client-node'
import t from 'tap'
import type { Asked } from '../../../../src/manifests/options.ts'
import type { Observed } from '../../../../src/tenants/observe/observed.ts'
import { nextPod, resizedPod } from '../../../../src/tenants/plan/next-pod.ts'
import { refusalsOf, startObstacles } from '../../../../src/tenants/plan/refusals.ts'
import { type Spec, tenantOf } from '../../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { aSpec, liveClaim, observed } from '../../../helpers/observed.ts'
import { resizedPod as askedPod, LARGE, SMALL } from '../../../helpers/resizing.ts'

/** That these rules are Kubernetes' own is shown on a real API server: test/integration/limits.test.ts. */

type Amounts = Record<string, string>
const quota = (hard: Amounts, used: Amounts = {}, spec: V1ResourceQuotaSpec = {}): V1ResourceQuota => ({
  metadata: { name: 'theirs' },
  spec: { hard, ...spec },
  status: { hard, used },
})
/** What the tenant of 1Gi uses, in a namespace that holds nothing else. */
const USED = {
  'limits.memory': '1Gi',
  'limits.cpu': '1',
  'requests.memory': '1Gi',
  'requests.cpu': '500m',
  'requests.storage': '2Gi',
  memory: '1Gi',
  pods: '1',
  'count/pods': '1',
  persistentvolumeclaims: '1',
  services: '1',
  'services.nodeports': '0',
  'services.loadbalancers': '0',
  'count/replicasets.apps': '1',
  'count/ingresses.networking.k8s.io': '0',
}

type Change = { from?: Spec; to?: Spec; seen?: Partial<Observed> }

/** From 1Gi to 2Gi of RAM, CPU and storage with it. */
function refusals(quotas: V1ResourceQuota[], { from = SMALL, to = LARGE, seen = {} }: Change = {}) {
  const state = observed(from, { claim: liveClaim(from, { requested: '2Gi' }), ...seen })
  const [live] = state.pods
  const next = live && nextPod(to.userId, from.desired, to.desired, live, state.deployment)
  const pods = live && next && { live, resized: resizedPod(live, to.desired), next }
  return refusalsOf({ quotas, ranges: [] }, tenantOf(to, CAPABILITIES), state, pods)
}

/** Where a change is refused, as `objects`, `inPlace`, `restart`. */
function refused(hard: Amounts, change?: Change, spec?: V1ResourceQuotaSpec, used: Amounts = USED): string {
  const found = refusals([quota(hard, used, spec)], change)
  return Object.entries(found)
    .filter(([, reasons]) => reasons.length > 0)
    .map(([where]) => where)
    .join(' ')
}

const BOTH = 'inPlace restart'

t.test('names the quota, the row, its limit, and what the change would make it', async (t) => {
  const { inPlace } = refusals([quota({ 'limits.memory': '2047Mi' }, USED)])
  const message = 'the quota theirs allows limits.memory of 2047Mi in all, and this would make it 2Gi'
  t.same(inPlace, [{ code: 'QuotaExceeded', message }])
  const { restart } = refusals([quota({ 'requests.cpu': '740m', 'limits.cpu': '1' }, USED)])
  t.match(restart, [{ message: /requests\.cpu of 740m .* 750m$/ }, { message: /limits\.cpu of 1000m .* 1500m$/ }])
})

const ROWS: [what: string, hard: Amounts, where: string][] = [
  ['memory, by a byte', { 'limits.memory': '2147483647' }, BOTH],
  ['requested memory', { 'requests.memory': '2047Mi' }, BOTH],
  ['memory by its short name', { memory: '2047Mi' }, BOTH],
  ['requested CPU', { 'requests.cpu': '749m' }, BOTH],
  ['storage', { 'requests.storage': '3Gi' }, 'objects'],
  ['ReplicaSets, of which a new pod needs another', { 'count/replicasets.apps': '1' }, 'restart'],
  ['nothing, as it is just enough', { 'limits.memory': '2Gi', 'requests.cpu': '750m', 'requests.storage': '4Gi' }, ''],
  ['nothing, as one pod follows another', { pods: '1', 'count/pods': '1', persistentvolumeclaims: '1' }, ''],
  ['nothing that the change is about', { services: '1', 'count/secrets': '0', 'requests.nvidia.com/gpu': '0' }, ''],
]

for (const [what, hard, where] of ROWS) {
  t.test(`refuses for a quota of ${what}`, async (t) => t.equal(refused(hard), where))
}

t.test('counts what others in the namespace use', async (t) => {
  t.equal(refused({ 'limits.memory': '3Gi' }, {}, {}, { 'limits.memory': '2049Mi' }), BOTH)
  t.equal(refused({ 'limits.memory': '3Gi' }, {}, {}, { 'limits.memory': '2Gi' }), '')
})

t.test('never refuses less in place; a new pod must fit into what the quota has become', async (t) => {
  const shrink = { from: LARGE, to: SMALL }
  const used = { 'limits.memory': '2Gi', 'requests.cpu': '750m' }
  t.equal(refused({ 'limits.memory': '512Mi' }, shrink, {}, used), 'restart')
  t.equal(refused({ 'limits.memory': '1Gi' }, shrink, {}, used), '')
  t.equal(refused({ 'requests.cpu': '500m' }, { from: LARGE, to: LARGE }, {}, used), 'restart')
})

t.test('goes by what the quota says now, though its controller may lag', async (t) => {
  const raised = {
    ...quota({ 'limits.memory': '2Gi' }, USED),
    status: { hard: { 'limits.memory': '1Gi' }, used: USED },
  }
  t.same(refusals([raised]).inPlace, [])
  t.same(refusals([{ ...raised, status: {} }]).inPlace, [], 'nothing is known of its use yet')
})

t.test('charges what the pod has, not what the record says', async (t) => {
  const drifted = observed(SMALL)
  const asked = [askedPod(SMALL, { requests: { cpu: '500m' }, limits: { memory: '3Gi' } })]
  const used = { 'limits.memory': '3Gi' }
  t.equal(refused({ 'limits.memory': '3Gi' }, { seen: { ...drifted, pods: asked } }, {}, used), '')
})

t.test('charges a volume that is growing for as much as it was asked to grow', async (t) => {
  const claim = liveClaim(SMALL, { requested: '2Gi' })
  claim.status!.allocatedResources = { storage: '3Gi' }
  const used = { 'requests.storage': '3Gi' }
  t.equal(refused({ 'requests.storage': '4Gi' }, { seen: { claim } }, {}, used), '')
  t.equal(refused({ 'requests.storage': '4095Mi' }, { seen: { claim } }, {}, used), 'objects')
})

t.test('knows the rows of a storage class', async (t) => {
  const claim = liveClaim(SMALL, { requested: '2Gi' })
  claim.spec!.storageClassName = 'fast'
  const row = (name: string) => `${name}.storageclass.storage.k8s.io/requests.storage`
  const of = (name: string) => refused({ [row(name)]: '3Gi' }, { seen: { claim } }, {}, { [row(name)]: '2Gi' })
  t.equal(of('fast'), 'objects')
  t.equal(of('slow'), '')
})

const SCOPES: [spec: V1ResourceQuotaSpec, counts: boolean, options?: Asked][] = [
  [{ scopes: ['NotTerminating'] }, true],
  [{ scopes: ['Terminating'] }, false],
  [{ scopes: ['NotBestEffort', 'NotTerminating'] }, true],
  [{ scopes: ['NotBestEffort', 'Terminating'] }, false],
  [{ scopes: ['BestEffort'] }, false],
  [{ scopes: ['PriorityClass'] }, false],
  [{ scopes: ['PriorityClass'] }, true, { priorityClassName: 'gold' }],
  [{ scopes: ['CrossNamespacePodAffinity'] }, false],
  [{ scopes: ['VolumeAttributesClass'] }, false],
  [byClass('In', ['gold', 'silver']), true, { priorityClassName: 'gold' }],
  [byClass('In', ['gold']), false, { priorityClassName: 'silver' }],
  [byClass('In', ['gold']), false],
  [byClass('NotIn', ['gold']), true],
  [byClass('NotIn', ['gold']), false, { priorityClassName: 'gold' }],
  [byClass('DoesNotExist'), true],
  [byClass('DoesNotExist'), false, { priorityClassName: 'gold' }],
  [{ scopes: ['CrossNamespacePodAffinity'] }, true, { affinity: across({ namespaceSelector: {} }) }],
  [{ scopes: ['CrossNamespacePodAffinity'] }, true, { affinity: across({ namespaces: ['other'] }) }],
  [{ scopes: ['CrossNamespacePodAffinity'] }, false, { affinity: across({}) }],
]

function byClass(operator: string, values?: string[]): V1ResourceQuotaSpec {
  const expression = { scopeName: 'PriorityClass', operator, ...(values ? { values } : {}) }
  return { scopeSelector: { matchExpressions: [expression] } }
}

function across(term: object): NonNullable<Asked['affinity']> {
  const podAffinityTerm = { topologyKey: 'zone', ...term }
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] } }
}

for (const [spec, counts, options = {}] of SCOPES) {
  t.test(
    `${counts ? 'counts' : 'leaves out'} a pod with ${JSON.stringify(options)} for ${JSON.stringify(spec)}`,
    async (t) => {
      const [from, to] = [SMALL, LARGE].map(({ desired }) => aSpec({ desired, options })) as [Spec, Spec]
      t.equal(refused({ 'limits.memory': '1Gi' }, { from, to }, spec), counts ? BOTH : '')
    },
  )
}

t.test('has a pod that comes into a scope use all of itself', async (t) => {
  const to = aSpec({ options: { priorityClassName: 'gold' }, desired: { templateRevision: 2 } })
  const change = { from: aSpec(), to }
  const used = { 'limits.memory': '0' }
  t.equal(refused({ 'limits.memory': '1Gi' }, change, byClass('In', ['gold']), used), 'restart')
  t.equal(refused({ 'limits.memory': '2Gi' }, change, byClass('In', ['gold']), used), '')
})

t.test('counts a claim by its class of attributes, and by no other scope', async (t) => {
  const claim = liveClaim(SMALL, { requested: '2Gi' })
  const spec = {
    scopeSelector: { matchExpressions: [{ scopeName: 'VolumeAttributesClass', operator: 'In', values: ['gold'] }] },
  }
  const hard = { 'requests.storage': '2Gi' }
  t.equal(refused(hard, { seen: { claim } }, spec), '')
  t.equal(refused(hard, { seen: { claim } }, { scopes: ['NotTerminating'] }), '')
  claim.spec!.volumeAttributesClassName = 'gold'
  t.equal(refused(hard, { seen: { claim } }, spec), 'objects')
})

t.test('refuses a pod with a container that does not say what it takes of CPU or memory', async (t) => {
  const state = observed(SMALL)
  state.pods[0]!.spec!.initContainers = [{ name: 'sidecar', restartPolicy: 'Always' }]
  const { inPlace, restart } = refusals([quota({ 'limits.cpu': '99' }, USED)], { from: SMALL, to: SMALL, seen: state })
  const message = 'the quota theirs limits limits.cpu, and the container sidecar does not say how much it takes'
  t.same(inPlace, [{ code: 'QuotaExceeded', message }])
  t.same(restart, inPlace)
  t.same(refusals([quota({ 'requests.storage': '99Gi' }, USED)], { seen: state }).inPlace, [])
})

const served = (type: 'ClusterIP' | 'NodePort' | 'LoadBalancer') => aSpec({ options: { service: { type } } })
const OBJECTS: [what: string, to: Spec, hard: Amounts, where: string][] = [
  ['a load balancer', served('LoadBalancer'), { 'services.loadbalancers': '0' }, 'objects'],
  ['the node port of a load balancer', served('LoadBalancer'), { 'services.nodeports': '0' }, 'objects'],
  ['a node port', served('NodePort'), { 'services.nodeports': '0' }, 'objects'],
  ['a node port where there may be one', served('NodePort'), { 'services.nodeports': '1', services: '1' }, ''],
  [
    'an Ingress',
    aSpec({ options: { ingress: { enabled: true } } }),
    { 'count/ingresses.networking.k8s.io': '0' },
    'objects',
  ],
]

for (const [what, to, hard, where] of OBJECTS) {
  t.test(`${where ? 'refuses' : 'allows'} ${what}`, async (t) => {
    t.equal(refused(hard, { from: aSpec(), to, seen: { claim: liveClaim(to) } }), where)
  })
}

t.test('frees what the Service that is there has', async (t) => {
  const [from, to] = [served('NodePort'), served('LoadBalancer')]
  const used = { 'services.nodeports': '1', 'services.loadbalancers': '0' }
  t.equal(refused({ 'services.nodeports': '1' }, { from, to, seen: { claim: liveClaim(to) } }, {}, used), '')
  const { service } = observed(from)
  service!.spec!.allocateLoadBalancerNodePorts = false
  const none = { from: aSpec(), to, seen: { service: observed(aSpec()).service!, claim: liveClaim(to) } }
  none.seen.service.spec!.allocateLoadBalancerNodePorts = false
  t.equal(refused({ 'services.nodeports': '0' }, none), '', 'a balancer that asks for no node ports uses none')
})

t.test('judges the volume of a tenant that does not run, and no pod', async (t) => {
  t.equal(refused({ 'limits.memory': '1Gi', 'requests.storage': '3Gi' }, { seen: { pods: [] } }), 'objects')
})

t.test('a start goes by the pods that stay, though the quota still counts one that has ended', async (t) => {
  const pod = (name: string, spec: Partial<V1PodSpec> = {}): V1Pod => {
    const resources = { requests: { memory: '1Gi' } }
    return { metadata: { name }, spec: { containers: [{ name, resources }], ...spec } }
  }
  const used = { pods: '2', 'requests.memory': '2Gi', secrets: '9' }
  const full = quota({ pods: '2', 'requests.memory': '2Gi', secrets: '1' }, used)
  const start = (quotas: V1ResourceQuota[], ...others: V1Pod[]) =>
    startObstacles({ quotas, ranges: [] }, pod('db'), others).map(({ code }) => code)
  t.same(start([full]), [])
  t.same(start([full], pod('other')), [])
  t.same(start([full], pod('other'), pod('third')), ['QuotaExceeded', 'QuotaExceeded'])
  const expression = { scopeName: 'PriorityClass', operator: 'NotIn', values: ['low'] }
  const inClass = { scopeSelector: { matchExpressions: [expression] } }
  const elsewhere = pod('other', { priorityClassName: 'low' })
  const scoped = quota({ pods: '1' }, { pods: '1' }, inClass)
  t.same(start([scoped], elsewhere), [], 'a pod out of its scope does not count')
})
