import type { V1Node, V1NodeSelector, V1NodeSelectorRequirement, V1PodSpec, V1Taint } from '@kubernetes/client-node'
import fc from 'fast-check'
import t from 'tap'
import { selects } from '../../../../src/tenants/plan/node-selector.ts'
import { unjudged, whyNotOn } from '../../../../src/tenants/plan/scheduling.ts'

type Changes = { labels?: Record<string, string>; spec?: V1Node['spec']; ready?: string }

const node = ({ labels = {}, spec = {}, ready = 'True' }: Changes = {}): V1Node => ({
  metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1', ...labels } },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready }] },
})
const tainted = (taint: Partial<V1Taint>) => node({ spec: { taints: [{ key: 'k', effect: 'NoSchedule', ...taint }] } })
const pod = (spec: Partial<V1PodSpec> = {}): V1PodSpec => ({ containers: [], ...spec })
const tolerating = (...tolerations: NonNullable<V1PodSpec['tolerations']>) => pod({ tolerations })
const required = (terms: V1NodeSelector['nodeSelectorTerms']): V1NodeSelector => ({ nodeSelectorTerms: terms })
const attracted = (terms: V1NodeSelector['nodeSelectorTerms']) =>
  pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required(terms) } } })
const CORDON = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

const JUDGED: [what: string, node: V1Node, pod: V1PodSpec, why: string | undefined][] = [
  ['a node that is ready', node(), pod(), undefined],
  ['a node that is not ready', node({ ready: 'False' }), pod(), 'not ready'],
  ['a node of which nothing is heard', node({ ready: 'Unknown' }), tolerating({ operator: 'Exists' }), 'not ready'],
  ['a node without a kubelet', { metadata: { name: 'object' } }, pod(), 'not ready'],
  ['a cordoned node', node({ spec: { unschedulable: true, taints: [CORDON] } }), pod(), 'cordoned'],
  [
    'a cordoned node, for a pod that does not mind',
    node({ spec: { unschedulable: true, taints: [CORDON] } }),
    tolerating({ key: CORDON.key, operator: 'Exists' }),
    undefined,
  ],
  ['a tainted node', tainted({}), pod(), 'tainted k:NoSchedule'],
  ['a node that ends pods', tainted({ effect: 'NoExecute', value: 'v' }), pod(), 'tainted k=v:NoExecute'],
  ['a node that is only avoided', tainted({ effect: 'PreferNoSchedule' }), pod(), undefined],
  ['a taint that is tolerated', tainted({}), tolerating({ key: 'k', operator: 'Exists' }), undefined],
  ['a taint without a value', tainted({}), tolerating({ key: 'k' }), undefined],
  ['a taint of the same value', tainted({ value: 'v' }), tolerating({ key: 'k', value: 'v' }), undefined],
  ['a taint of another value', tainted({ value: 'w' }), tolerating({ key: 'k', value: 'v' }), 'tainted k=w:NoSchedule'],
  ['a taint of another key', tainted({}), tolerating({ key: 'l', operator: 'Exists' }), 'tainted k:NoSchedule'],
  ['any taint', tainted({ value: 'v' }), tolerating({ operator: 'Exists' }), undefined],
  [
    'a taint of another effect',
    tainted({}),
    tolerating({ key: 'k', operator: 'Exists', effect: 'NoExecute' }),
    'tainted k:NoSchedule',
  ],
  [
    'a taint that is tolerated for a while',
    tainted({ effect: 'NoExecute' }),
    tolerating({ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }),
    undefined,
  ],
  ['a smaller taint', tainted({ value: '4' }), tolerating({ key: 'k', operator: 'Lt', value: '5' }), undefined],
  [
    'a taint that is not smaller',
    tainted({ value: '5' }),
    tolerating({ key: 'k', operator: 'Lt', value: '5' }),
    'tainted k=5:NoSchedule',
  ],
  ['a larger taint', tainted({ value: '10' }), tolerating({ key: 'k', operator: 'Gt', value: '9' }), undefined],
  [
    'a taint that is no number',
    tainted({ value: 'ten' }),
    tolerating({ key: 'k', operator: 'Gt', value: '9' }),
    'tainted k=ten:NoSchedule',
  ],
  ['a node with the labels', node({ labels: { a: '1', b: '2' } }), pod({ nodeSelector: { a: '1' } }), undefined],
  [
    'a node with another label',
    node({ labels: { a: '2' } }),
    pod({ nodeSelector: { a: '1' } }),
    'without the labels of the node selector',
  ],
  [
    'a node outside the affinity',
    node(),
    attracted([{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }]),
    'outside the node affinity',
  ],
  [
    'a node by its name',
    node(),
    attracted([{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] }]),
    undefined,
  ],
]

for (const [what, one, spec, why] of JUDGED) {
  t.test(`${why === undefined ? 'takes' : 'leaves out'} ${what}`, async (t) => {
    t.equal(whyNotOn(one, spec, undefined), why)
  })
}

t.test('leaves out a node from which the volume cannot be reached', async (t) => {
  const reach = required([{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }])
  t.equal(whyNotOn(node({ labels: { zone: 'b' } }), pod(), reach), 'out of reach of the volume')
  t.equal(whyNotOn(node({ labels: { zone: 'a' } }), pod(), reach), undefined)
})

const EXPRESSIONS: [operator: string, values: string[], label: string | undefined, met: boolean][] = [
  ['In', ['a', 'b'], 'b', true],
  ['In', ['a', 'b'], 'c', false],
  ['In', ['a'], undefined, false],
  ['NotIn', ['a'], 'a', false],
  ['NotIn', ['a'], 'b', true],
  ['NotIn', ['a'], undefined, true],
  ['Exists', [], '', true],
  ['Exists', [], undefined, false],
  ['DoesNotExist', [], undefined, true],
  ['DoesNotExist', [], 'a', false],
  ['Gt', ['9'], '10', true],
  ['Gt', ['9'], '9', false],
  ['Gt', ['9'], 'ten', false],
  ['Gt', ['-2'], '-1', true],
  ['Gt', ['9', '1'], '10', false],
  ['Lt', ['10'], '9', true],
  ['Lt', ['10'], undefined, false],
  ['Near', ['a'], 'a', false],
]

t.test('reads every operator of a node selector as Kubernetes does', async (t) => {
  for (const [operator, values, label, met] of EXPRESSIONS) {
    const one = node(label === undefined ? {} : { labels: { key: label } })
    const terms = [{ matchExpressions: [{ key: 'key', operator, values }] }]
    t.equal(selects(required(terms), one), met, `${label} ${operator} ${values}`)
  }
  t.equal(selects(required([]), node()), false, 'no term fits none')
  t.equal(selects(required([{}]), node()), false, 'nor does an empty one')
  const byName = (operator: string, values: string[]) =>
    required([{ matchFields: [{ key: 'metadata.name', operator, values }] }])
  t.equal(selects(byName('NotIn', ['node-1']), node()), false)
  t.equal(selects(byName('NotIn', ['node-2']), node()), true)
  t.equal(selects(byName('Exists', []), node()), false, 'a name is one of two, and never asked otherwise')
})

t.test('takes one of several terms, and in it all that is required', async () => {
  const text = fc.constantFrom('a', 'b', '1', '2')
  const requirement: fc.Arbitrary<V1NodeSelectorRequirement> = fc.record({
    key: fc.constantFrom('x', 'y'),
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
    values: fc.array(text, { minLength: 1, maxLength: 2 }),
  })
  const requirements = fc.array(requirement, { minLength: 1, maxLength: 3 })
  const labels = fc.dictionary(fc.constantFrom('x', 'y'), text)
  fc.assert(
    fc.property(fc.array(requirements, { minLength: 1, maxLength: 3 }), labels, (terms, labels) => {
      const one = node({ labels })
      const meets = (...matchExpressions: V1NodeSelectorRequirement[]) => selects(required([{ matchExpressions }]), one)
      const expected = terms.some((all) => all.every((single) => meets(single)))
      return selects(required(terms.map((matchExpressions) => ({ matchExpressions }))), one) === expected
    }),
  )
})

t.test('tells of what else a scheduler goes by, and only of that', async (t) => {
  t.same(unjudged(pod({ schedulerName: 'default-scheduler', topologySpreadConstraints: [] })), [])
  const labelSelector = { matchLabels: { app: 'other' } }
  const terms = [{ topologyKey: 'zone', labelSelector }]
  const spread = (whenUnsatisfiable: string) => [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable }]
  const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: terms[0]! }] }
  t.same(
    unjudged(pod({ affinity: { podAffinity: preferred }, topologySpreadConstraints: spread('ScheduleAnyway') })),
    [],
  )
  const hard = { requiredDuringSchedulingIgnoredDuringExecution: terms }
  t.same(
    unjudged(
      pod({
        affinity: { podAffinity: hard, podAntiAffinity: hard },
        topologySpreadConstraints: spread('DoNotSchedule'),
        schedulerName: 'another',
        schedulingGates: [{ name: 'gate' }],
        resourceClaims: [{ name: 'card' }],
        containers: [{ name: 'sidecar', ports: [{ containerPort: 1, hostPort: 1 }] }],
      }),
    ),
    [
      'pod affinity',
      'pod anti-affinity',
      'topology spread',
      'resource claims',
      'scheduling gates',
      'host ports',
      'the scheduler another',
    ],
  )
})
