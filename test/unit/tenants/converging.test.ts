import fc from 'fast-check'
import t from 'tap'
import { isEqual } from '../../../src/manifests/compare.ts'
import { annotations } from '../../../src/manifests/labels.ts'
import { renderResources } from '../../../src/manifests/pod-template.ts'
import { bytesOf } from '../../../src/sizing/quantity.ts'
import { type Decision, decide } from '../../../src/tenants/decide/decide.ts'
import { podSize } from '../../../src/tenants/decide/pod-size.ts'
import { claimSizes, livePods, type Observed } from '../../../src/tenants/observe/observed.ts'
import { SURVEYED } from '../../fixtures/tenants.ts'
import { tenants } from './any-tenant.ts'
import { FakeTenant } from './fake-tenant.ts'

/** Commit, objects, volume, pod, and the Deployment's four; and one for each that has to be gone or seen first. */
const MOST_ROUNDS = 16

/** Decides and acts until there is nothing to act on. @param between what happens between two rounds */
function converge(tenant: FakeTenant, between: () => void, isOver: (decision: Decision) => boolean): Decision {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const decision = decide(tenant.spec, tenant.observed, { ...SURVEYED, admissions: tenant.admissions })
    if (isOver(decision)) return decision
    if (decision.next === 'act') for (const act of decision.acts) checked(tenant, () => tenant.do(act))
    between()
  }
  throw new Error(`still not over: ${JSON.stringify(decide(tenant.spec, tenant.observed, SURVEYED))}`)
}

/** Does one act, and looks whether it could have harmed the data. */
function checked(tenant: FakeTenant, act: () => void): void {
  const before = tenant.observed
  act()
  const { deployment, claim } = tenant.observed
  const isStart = before.deployment?.spec?.replicas !== 1 && deployment?.spec?.replicas === 1
  if (isStart && livePods(before.pods).length > 0) throw new Error('a second database was started on the volume')
  if (before.claim && claim && claimSizes(claim).requested < claimSizes(before.claim).requested) {
    throw new Error('the volume was asked to shrink')
  }
  const isRoll = JSON.stringify(unsized(before)) !== JSON.stringify(unsized(tenant.observed))
  const isDue =
    before.deployment === undefined ||
    before.deployment.spec?.replicas === 0 ||
    revisionOf(before) !== String(tenant.spec.desired.templateRevision)
  if (isRoll && !isDue) throw new Error('a pod template was changed that no operation has asked for')
}

const revisionOf = ({ deployment }: Observed) =>
  deployment?.spec?.template.metadata?.annotations?.[annotations.templateRevision]

/** The live pod template but for the sizes of the database, which may change. */
function unsized({ deployment }: Observed) {
  const { spec } = deployment?.spec?.template ?? {}
  return { ...spec, containers: spec?.containers.map(({ resources: _, ...container }) => container) }
}

t.test(
  'comes to an end by itself, from whatever it finds: it never acts for ever, and never harms the data',
  async () => {
    fc.assert(
      fc.property(tenants, ({ wanted, live }) => {
        const tenant = new FakeTenant(wanted, live)
        converge(
          tenant,
          () => {},
          ({ next }) => next !== 'act',
        )
      }),
      { numRuns: 300 },
    )
  },
)

t.test('reaches what is wanted once the controllers have done their part, from whatever it finds', async () => {
  fc.assert(
    fc.property(tenants, ({ wanted, live }) => {
      const tenant = new FakeTenant(wanted, live)
      const isGone = ({ step, next }: Decision) => step === 'namespace' && next === 'wait'
      const { next } = converge(
        tenant,
        () => tenant.settle(),
        (decision) => decision.next === 'done' || isGone(decision),
      )
      if (wanted.purgeRequestedAt !== null) return next === 'wait'
      const { deployment, pods, claim, service } = tenant.observed
      const { type, annotations } = wanted.desired.options.service
      const isVolumeEnough = claimSizes(claim).requested >= bytesOf(wanted.desired.storageSize)!
      return (
        isVolumeEnough &&
        service?.spec?.type === type &&
        isEqual(service.metadata?.annotations, annotations, 'annotations') &&
        deployment?.spec?.replicas === (wanted.deletedAt === null && !wanted.suspended ? 1 : 0) &&
        !deployment.spec.paused &&
        livePods(pods).length === deployment.spec.replicas &&
        livePods(pods).every((pod) => podSize(pod, renderResources(wanted.desired)).state === 'held')
      )
    }),
    { numRuns: 300 },
  )
})

t.test('decides the same twice', async () => {
  fc.assert(
    fc.property(tenants, ({ wanted, live }) => {
      const [first, second] = [live, structuredClone(live)].map((seen) =>
        JSON.stringify(decide(wanted, seen, SURVEYED)),
      )
      return first === second
    }),
  )
})
