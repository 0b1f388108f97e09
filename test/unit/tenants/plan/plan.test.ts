import t from 'tap'
import type { Desired } from '../../../../src/manifests/desired.ts'
import { overlay } from '../../../../src/tenants/options/settle.ts'
import type { Placement } from '../../../../src/tenants/plan/placement.ts'
import { type Facts, planChange } from '../../../../src/tenants/plan/plan.ts'
import type { Rewriting } from '../../../../src/tenants/plan/rewriting.ts'
import type { Plan, Strategy } from '../../../../src/tenants/record/plan.ts'
import { CAPABILITIES, DEFAULT_DESIRED } from '../../../fixtures/tenants.ts'

const GiB = 2n ** 30n
const SMALL: Desired = {
  ...DEFAULT_DESIRED,
  ramSize: '1Gi',
  storageSize: '2Gi',
  cpu: { request: '500m', limit: '1000m' },
}
const LARGE = DEFAULT_DESIRED
/** The storage is large enough for both. */
const KEPT = { ...SMALL, storageSize: '4Gi' }

const SIZE = { memory: GiB * 10n ** 9n, cpu: 4n * 10n ** 9n }
const ROOMY = { ever: true, now: true, ...SIZE }
const TINY = { ever: false, now: false, ...SIZE }
const BUSY = { ever: true, now: false, ...SIZE }
const nodes = (state: Placement['state'], unjudged: string[] = []): Placement => {
  return { state, nodes: '1 of that kind', unjudged }
}
const refuses = (refusals: Partial<Facts['refusals']>) => ({ objects: [], inPlace: [], restart: [], ...refusals })
const rewrites = (fields: Partial<Exclude<Rewriting, 'unknown'>>) => {
  return { template: [], essential: [], others: [], ...fields }
}
const REFUSED = [{ code: 'QuotaExceeded', message: 'at most 1Gi' }]
const claim = (changes: Partial<NonNullable<Facts['claim']>> = {}) => {
  return { phase: 'Bound', storageClass: 'fast', expandable: true, capacity: 2n * GiB, ...changes }
}

/** A cluster where everything can be done. */
function facts(changes: Partial<Facts> = {}): Facts {
  return {
    capabilities: CAPABILITIES,
    runs: true,
    nodeCannotResize: false,
    changesQos: false,
    restartingResources: [],
    restartDue: false,
    claim: claim(),
    node: ROOMY,
    placement: nodes('fits'),
    usage: undefined,
    refusals: refuses({}),
    rewriting: undefined,
    ...changes,
  }
}

const plan = (from: Desired, to: Desired, strategy: Strategy, changes: Partial<Facts> = {}, force = false) =>
  planChange({ from, to, strategy, force }, facts(changes))

/** A plan as `<feasible> <expected>/<worst> <reasons>`. */
function told({ feasible, expectedDisruption, worstDisruption, reasons }: Plan): string {
  const codes = reasons.map(({ code }) => code).join(' ')
  return `${feasible ? 'yes' : 'no'} ${expectedDisruption}/${worstDisruption} ${codes}`.trim()
}

const NO_RESIZE = { ...CAPABILITIES, resizePods: false, shrinkPods: false }
const NO_SHRINK = { ...CAPABILITIES, shrinkPods: false }
const pinned = claim({ expandable: false, capacity: 2n * GiB })

/** From 1Gi to 2Gi. */
const GROW: [what: string, changes: Partial<Facts>, plans: Partial<Record<Strategy, string>>][] = [
  ['all is well', {}, { auto: 'yes none/restart', inPlace: 'yes none/none', restart: 'yes restart/restart' }],
  [
    'a restart is under way',
    { restartDue: true },
    { auto: 'yes restart/restart RestartUnderWay', inPlace: 'no none/none RestartUnderWay' },
  ],
  [
    'pods cannot be resized',
    { capabilities: NO_RESIZE },
    {
      auto: 'yes restart/restart ResizeNotAvailable',
      inPlace: 'no none/none ResizeNotAvailable',
      restart: 'yes restart/restart ResizeNotAvailable',
    },
  ],
  [
    'the node of the pod is older than the API server',
    { nodeCannotResize: true },
    { auto: 'yes restart/restart ResizeNotAvailable', inPlace: 'no none/none ResizeNotAvailable' },
  ],
  [
    'the pod would be of another quality-of-service class',
    { changesQos: true },
    { auto: 'yes restart/restart QosClass', inPlace: 'no none/none QosClass' },
  ],
  [
    'its pod has the container restarted for memory',
    { restartingResources: ['memory'] },
    {
      auto: 'yes restart/restart RestartPolicy',
      inPlace: 'no none/none RestartPolicy',
      restart: 'yes restart/restart RestartPolicy',
    },
  ],
  ['pods cannot be shrunk', { capabilities: NO_SHRINK }, { auto: 'yes none/restart', inPlace: 'yes none/none' }],
  [
    'the node is too small, another is not',
    { node: TINY },
    {
      auto: 'yes restart/restart NodeTooSmall',
      inPlace: 'no none/none NodeTooSmall',
      restart: 'yes restart/restart NodeTooSmall',
    },
  ],
  [
    'the node is too small, another is busy',
    { node: TINY, placement: nodes('full') },
    { auto: 'no restart/restart NoRoom NodeTooSmall' },
  ],
  [
    'every node is too small',
    { node: TINY, placement: nodes('small') },
    { auto: 'no restart/restart NoNodeLargeEnough NodeTooSmall', inPlace: 'no none/none NodeTooSmall' },
  ],
  [
    'the node is too small, no other can be used',
    { node: TINY, placement: nodes('unusable') },
    { auto: 'no restart/restart NoUsableNode NodeTooSmall' },
  ],
  [
    'the node is too small, others are not known',
    { node: TINY, placement: undefined },
    { auto: 'yes restart/restart NodeTooSmall' },
  ],
  [
    'no node is known',
    { node: undefined, placement: undefined },
    { auto: 'yes none/restart', inPlace: 'yes none/none', restart: 'yes restart/restart' },
  ],
  [
    'the node is busy',
    { node: BUSY },
    { auto: 'yes none/restart NodeBusy', inPlace: 'yes none/none NodeBusy', restart: 'yes restart/restart' },
  ],
  [
    'no new pod would find a node, which none is needed for in place',
    { placement: nodes('unusable') },
    { auto: 'yes none/restart', inPlace: 'yes none/none', restart: 'no restart/restart NoUsableNode' },
  ],
  [
    'every node is busy',
    { node: BUSY, placement: nodes('full') },
    { auto: 'yes none/restart NodeBusy', restart: 'no restart/restart NoRoom' },
  ],
  [
    'every node is busy with what matters less',
    { placement: nodes('preempts') },
    { restart: 'yes restart/restart Preempts' },
  ],
  [
    'its scheduler goes by more than is known here',
    { placement: nodes('fits', ['pod affinity']) },
    { auto: 'yes none/restart', restart: 'yes restart/restart NotJudged' },
  ],
  [
    'a quota refuses the claim',
    { refusals: refuses({ objects: REFUSED }) },
    { auto: 'no none/restart QuotaExceeded', restart: 'no restart/restart QuotaExceeded' },
  ],
  [
    'a quota refuses the resize',
    { refusals: refuses({ inPlace: REFUSED }) },
    { auto: 'no none/restart QuotaExceeded', restart: 'yes restart/restart' },
  ],
  [
    'a quota refuses the new pod',
    { refusals: refuses({ restart: REFUSED }) },
    { auto: 'yes none/restart', restart: 'no restart/restart QuotaExceeded' },
  ],
  [
    'a policy changes the pod template',
    { rewriting: rewrites({ template: ['spec.template.metadata.labels.team'] }) },
    {
      auto: 'yes restart/restart TemplateRewritten',
      inPlace: 'no none/none TemplateRewritten',
      restart: 'yes restart/restart TemplateRewritten',
    },
  ],
  [
    'a policy changes the RAM',
    { rewriting: rewrites({ essential: ['limits.memory'] }) },
    { auto: 'no none/restart NotAccepted', restart: 'no restart/restart NotAccepted' },
  ],
  [
    'a policy changes what may be changed',
    { rewriting: rewrites({ others: ['limits.cpu'] }) },
    { auto: 'yes none/restart Rewritten', inPlace: 'yes none/none Rewritten' },
  ],
  [
    'a webhook takes no dry runs',
    { rewriting: 'unknown' },
    { auto: 'yes none/restart NotForeseen', inPlace: 'no none/none NotForeseen', restart: 'yes restart/restart' },
  ],
  [
    'the class does not expand',
    { claim: pinned },
    { auto: 'no none/restart ClassNotExpandable', inPlace: 'no none/none ClassNotExpandable' },
  ],
  [
    'the class does not expand, the volume is large enough',
    { claim: { ...pinned, capacity: 4n * GiB } },
    { auto: 'yes none/restart' },
  ],
  ['the claim is not bound yet', { claim: claim({ phase: 'Pending', capacity: 0n }) }, { auto: 'yes none/restart' }],
  [
    'the claim is not bound yet, and could not grow once it is',
    { claim: claim({ phase: 'Pending', capacity: 0n, expandable: false }) },
    { auto: 'no none/restart ClassNotExpandable' },
  ],
  ['the volume is lost', { claim: claim({ phase: 'Lost', capacity: 0n }) }, { auto: 'no none/restart VolumeLost' }],
  [
    'nothing runs',
    { runs: false, node: undefined, placement: undefined },
    { auto: 'yes none/none', inPlace: 'yes none/none', restart: 'yes none/none' },
  ],
  [
    'nothing runs, and pods cannot be resized',
    { runs: false, capabilities: NO_RESIZE },
    { auto: 'yes none/none', inPlace: 'yes none/none' },
  ],
]

/** From 2Gi to 1Gi. */
const SHRINK: typeof GROW = [
  [
    'the storage stays',
    {},
    {
      auto: 'yes none/restart StorageKept',
      inPlace: 'yes none/none StorageKept',
      restart: 'yes restart/restart StorageKept',
    },
  ],
  [
    'pods cannot be shrunk',
    { capabilities: NO_SHRINK },
    {
      auto: 'yes restart/restart ShrinkNotAvailable StorageKept',
      inPlace: 'no none/none ShrinkNotAvailable StorageKept',
    },
  ],
  [
    'more is used',
    { usage: GiB + 1n },
    { inPlace: 'yes none/none StorageKept UsageAboveLimit', restart: 'yes restart/restart StorageKept' },
  ],
  ['exactly that is used', { usage: GiB }, { inPlace: 'yes none/none StorageKept' }],
  ['the class does not expand', { claim: pinned }, { auto: 'yes none/restart StorageKept' }],
]

for (const [title, table, from, to] of [
  ['grow', GROW, SMALL, LARGE],
  ['shrink', SHRINK, LARGE, KEPT],
] as const) {
  for (const [what, changes, plans] of table) {
    for (const [strategy, expected] of Object.entries(plans) as [Strategy, string][]) {
      t.test(`plans to ${title} by ${strategy} when ${what}: ${expected}`, async (t) => {
        t.equal(told(plan(from, to, strategy, changes)), expected)
      })
    }
  }
}

t.test('names every resource that changes, and the steps in their order', async (t) => {
  t.match(plan(SMALL, LARGE, 'auto'), {
    changes: [
      { resource: 'ram', from: '1Gi', to: '2Gi' },
      { resource: 'storage', from: '2Gi', to: '4Gi' },
      { resource: 'cpu.request', from: '500m', to: '750m' },
      { resource: 'cpu.limit', from: '1000m', to: '1500m' },
    ],
    steps: ['volume', 'pod', 'deployment', 'ready'],
  })
  t.same(plan(LARGE, KEPT, 'auto').steps, ['pod', 'deployment', 'ready'])
  t.same(plan(SMALL, LARGE, 'restart').steps, ['volume', 'deployment', 'ready'])
  t.same(plan(LARGE, KEPT, 'auto', { runs: false }).steps, ['deployment'])
})

t.test('says what a restart can lose: what was not flushed yet', async (t) => {
  t.equal(plan(SMALL, LARGE, 'restart').lossWindowSeconds, 15)
  t.equal(plan(SMALL, LARGE, 'auto').lossWindowSeconds, 15, 'of the worst case')
  t.equal(plan(SMALL, LARGE, 'inPlace').lossWindowSeconds, 0)
  t.equal(plan(SMALL, LARGE, 'restart', { runs: false }).lossWindowSeconds, 0)
})

t.test('expects more time for a restart and for a volume that grows', async (t) => {
  const seconds = (to: Desired, strategy: Strategy, runs = true) => plan(SMALL, to, strategy, { runs }).expectedSeconds
  const same = { ...LARGE, storageSize: SMALL.storageSize }
  t.ok(seconds(same, 'inPlace') < seconds(same, 'restart'))
  t.ok(seconds(same, 'inPlace') < seconds(LARGE, 'inPlace'))
  t.equal(seconds(same, 'auto', false), 0)
})

t.test('has nothing to change, and disturbs nothing, if all is the same', async (t) => {
  for (const strategy of ['auto', 'inPlace', 'restart'] as const) {
    const same = plan(LARGE, LARGE, strategy)
    t.match(same, { expectedDisruption: 'none', worstDisruption: 'none', lossWindowSeconds: 0 })
    t.same(same.changes, [])
  }
})

const renewed = (desired: Desired) => ({ ...desired, templateRevision: desired.templateRevision + 1 })

t.test('plans a restart for what runs, and names another image', async (t) => {
  const newer = renewed({ ...LARGE, options: overlay(LARGE.options, { image: { tag: '2' } }) })
  t.match(plan(LARGE, newer, 'restart'), {
    feasible: true,
    expectedDisruption: 'restart',
    worstDisruption: 'restart',
    lossWindowSeconds: 15,
    changes: [{ resource: 'image.tag', from: 'latest', to: '2' }],
    steps: ['deployment', 'ready'],
    reasons: [],
  })
  const same = plan(LARGE, renewed(LARGE), 'restart')
  t.match(same, { changes: [], expectedDisruption: 'restart', steps: ['deployment', 'ready'] })
  t.ok(same.expectedSeconds > 15)
  t.match(plan(LARGE, newer, 'restart', { runs: false }), {
    expectedDisruption: 'none',
    worstDisruption: 'none',
    lossWindowSeconds: 0,
  })
})

t.test('finds in the way of another template what is in the way of a new pod, and nothing else', async (t) => {
  const expected = {
    'yes restart/restart': { node: TINY, changesQos: true, restartingResources: ['memory'], restartDue: true },
    'no restart/restart NoUsableNode': { placement: nodes('unusable') },
    'no restart/restart QuotaExceeded': { refusals: refuses({ restart: REFUSED }) },
    'yes none/none': { runs: false, placement: nodes('unusable'), refusals: refuses({ restart: REFUSED }) },
  }
  for (const [told_, changes] of Object.entries(expected)) {
    t.equal(told(plan(LARGE, renewed(LARGE), 'auto', changes)), told_)
  }
})

t.test('leaves room to whoever insists, and nothing else, and says that it can be insisted on', async (t) => {
  for (const state of ['full', 'small', 'unusable'] as const) {
    const refused = plan(SMALL, LARGE, 'restart', { placement: nodes(state) })
    t.match(refused, { feasible: false, reasons: [{ message: /\(nodes: 1 of that kind\).*force=true/ }] })
    const forced = plan(SMALL, LARGE, 'restart', { placement: nodes(state) }, true)
    t.match(forced, { feasible: true, reasons: [{ code: refused.reasons[0]!.code }] })
    t.notMatch(forced.reasons[0]!.message, 'force')
  }
  const force = (changes: Partial<Facts>, strategy: Strategy = 'restart') =>
    told(plan(SMALL, LARGE, strategy, { placement: nodes('full'), ...changes }, true))
  t.equal(force({ claim: pinned }), 'no restart/restart ClassNotExpandable NoRoom')
  t.equal(force({ refusals: refuses({ restart: REFUSED }) }), 'no restart/restart QuotaExceeded NoRoom')
  t.equal(force({ node: TINY }, 'auto'), 'yes restart/restart NoRoom NodeTooSmall')
  t.equal(force({ node: TINY }, 'inPlace'), 'no none/none NodeTooSmall', 'in place it can never be there')
})

t.test('says of the pod only what concerns it', async (t) => {
  const described = { ...LARGE, options: overlay(LARGE.options, { description: 'another' }) }
  const changes = { node: BUSY, usage: 64n * GiB, refusals: refuses({ inPlace: REFUSED, restart: REFUSED }) }
  t.equal(told(plan(LARGE, described, 'auto', changes)), 'yes none/none')
  const kept = { ...SMALL, storageSize: '8Gi' }
  const next = { ...kept, options: described.options }
  t.equal(told(plan(kept, next, 'auto')), 'yes none/none', 'the size of its storage is no news')
})
