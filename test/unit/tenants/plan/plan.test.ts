import t from 'tap'
import type { Desired } from '../../../../src/manifests/desired.ts'
import { overlay } from '../../../../src/tenants/options/settle.ts'
import { type Facts, type Plan, planResize, planRestart, type Strategy } from '../../../../src/tenants/plan/plan.ts'
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

const room = (gib: bigint, free = gib, cpu = 4000, cpuFree = cpu) => ({
  memory: gib * GiB,
  memoryFree: free * GiB,
  cpu,
  cpuFree,
})
const ROOMY = room(16n)
const TINY = room(1n)
const BUSY = room(16n, 1n)
const BUSY_CPU = room(16n, 16n, 4000, 100)
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
    restartDue: false,
    claim: claim(),
    node: ROOMY,
    elsewhere: [ROOMY],
    usage: undefined,
    quota: undefined,
    ...changes,
  }
}

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
    { node: TINY, elsewhere: [BUSY] },
    { auto: 'no restart/restart NoRoom NodeTooSmall' },
  ],
  [
    'every node is too small',
    { node: TINY, elsewhere: [TINY] },
    {
      auto: 'no restart/restart NoNodeLargeEnough NodeTooSmall',
      inPlace: 'no none/none NoNodeLargeEnough NodeTooSmall',
    },
  ],
  [
    'the only node is too small',
    { node: TINY, elsewhere: [] },
    { auto: 'no restart/restart NoNodeLargeEnough NodeTooSmall' },
  ],
  [
    'the node is too small, others are not known',
    { node: TINY, elsewhere: undefined },
    { auto: 'yes restart/restart NodeTooSmall' },
  ],
  [
    'no node is known',
    { node: undefined, elsewhere: undefined },
    { auto: 'yes none/restart', inPlace: 'yes none/none', restart: 'yes restart/restart' },
  ],
  [
    'the node is busy',
    { node: BUSY },
    { auto: 'yes none/restart NodeBusy', inPlace: 'yes none/none NodeBusy', restart: 'yes restart/restart' },
  ],
  ['the CPU of the node is busy', { node: BUSY_CPU }, { inPlace: 'yes none/none NodeBusy' }],
  [
    'every node is busy',
    { node: BUSY, elsewhere: [BUSY] },
    { auto: 'yes none/restart NodeBusy', restart: 'no restart/restart NoRoom' },
  ],
  [
    'a quota refuses it',
    { quota: 'at most 1Gi' },
    { auto: 'no none/restart QuotaExceeded', restart: 'no restart/restart QuotaExceeded' },
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
    { runs: false, node: undefined, elsewhere: undefined },
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
    for (const [strategy, plan] of Object.entries(plans) as [Strategy, string][]) {
      t.test(`plans to ${title} by ${strategy} when ${what}: ${plan}`, async (t) => {
        t.equal(told(planResize(from, to, strategy, facts(changes))), plan)
      })
    }
  }
}

t.test('names every resource that changes, and the steps in their order', async (t) => {
  t.match(planResize(SMALL, LARGE, 'auto', facts()), {
    changes: [
      { resource: 'ram', from: '1Gi', to: '2Gi' },
      { resource: 'storage', from: '2Gi', to: '4Gi' },
      { resource: 'cpu.request', from: '500m', to: '750m' },
      { resource: 'cpu.limit', from: '1000m', to: '1500m' },
    ],
    steps: ['volume', 'pod', 'deployment', 'ready'],
  })
  t.same(planResize(LARGE, KEPT, 'auto', facts()).steps, ['pod', 'deployment', 'ready'])
  t.same(planResize(SMALL, LARGE, 'restart', facts()).steps, ['volume', 'deployment', 'ready'])
  t.same(planResize(LARGE, KEPT, 'auto', facts({ runs: false })).steps, ['deployment'])
})

t.test('says what a restart can lose: what was not flushed yet', async (t) => {
  t.equal(planResize(SMALL, LARGE, 'restart', facts()).lossWindowSeconds, 15)
  t.equal(planResize(SMALL, LARGE, 'auto', facts()).lossWindowSeconds, 15, 'of the worst case')
  t.equal(planResize(SMALL, LARGE, 'inPlace', facts()).lossWindowSeconds, 0)
  t.equal(planResize(SMALL, LARGE, 'restart', facts({ runs: false })).lossWindowSeconds, 0)
})

t.test('expects more time for a restart and for a volume that grows', async (t) => {
  const seconds = (to: Desired, strategy: Strategy, runs = true) =>
    planResize(SMALL, to, strategy, facts({ runs })).expectedSeconds
  const same = { ...LARGE, storageSize: SMALL.storageSize }
  t.ok(seconds(same, 'inPlace') < seconds(same, 'restart'))
  t.ok(seconds(same, 'inPlace') < seconds(LARGE, 'inPlace'))
  t.equal(seconds(same, 'auto', false), 0)
})

t.test('has nothing to change, and disturbs nothing, if all is the same', async (t) => {
  for (const strategy of ['auto', 'inPlace', 'restart'] as const) {
    const plan = planResize(LARGE, LARGE, strategy, facts())
    t.match(plan, { expectedDisruption: 'none', worstDisruption: 'none', lossWindowSeconds: 0 })
    t.same(plan.changes, [])
  }
})

t.test('plans a restart for what runs, and names another image', async (t) => {
  const newer = { ...LARGE, options: overlay(LARGE.options, { image: { tag: '2' } }) }
  t.match(planRestart(LARGE, newer), {
    feasible: true,
    expectedDisruption: 'restart',
    worstDisruption: 'restart',
    lossWindowSeconds: 15,
    changes: [{ resource: 'image.tag', from: 'latest', to: '2' }],
  })
  t.same(planRestart(LARGE, LARGE).changes, [])
  t.match(planRestart(LARGE, newer, false), {
    expectedDisruption: 'none',
    worstDisruption: 'none',
    lossWindowSeconds: 0,
  })
})
