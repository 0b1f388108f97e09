import fc from 'fast-check'
import t from 'tap'
import { renderResources } from '../../../src/manifests/pod-template.ts'
import { podSize } from '../../../src/tenants/decide/pod-size.ts'
import { sizeIn } from '../../../src/tenants/decide/replica-sets.ts'
import { canonical } from '../../helpers/observed.ts'
import { type Event, eventsWith, scenarios, takeovers, World } from './resizing-world.ts'

/** RUNS=5000 looks longer, such as after a change of the sequence. */
const numRuns = Number(process.env.RUNS ?? 200)

/** Lets all of it happen, and then everybody do his part. @throws as soon as a pod is taken away that had not to be */
function play(world: World, events: readonly Event[]): World {
  for (const { run } of events) {
    run(world)
    assertNotReplaced(world)
  }
  world.end()
  assertNotReplaced(world)
  assertAsWanted(world)
  return world
}

function assertNotReplaced({ controllers, restarts }: World): void {
  if (controllers.replaced > restarts) throw new Error(`a pod was replaced that had not to be`)
}

function assertAsWanted({ live, spec, deciders }: World): void {
  const { requests, limits } = renderResources(spec.desired)
  // A policy may have taken the CPU limit, at the last write or at none.
  const { cpu } = sizeIn(live.deployment!).limits!
  const wanted = { requests: requests!, limits: cpu === undefined ? { memory: limits!.memory! } : limits! }
  const sizes = [sizeIn(live.deployment!), ...live.replicaSets.map(sizeIn)].map((one) => JSON.stringify(one))
  const [pod, ...others] = live.pods
  const wrong = [
    deciders.some(({ last }) => last?.next !== 'done') && `it is not over: ${JSON.stringify(deciders[0]!.last)}`,
    live.deployment?.spec?.paused && 'the Deployment is paused',
    live.replicaSets.length !== 1 && `there are ${live.replicaSets.length} ReplicaSets`,
    sizes.some((one) => one !== JSON.stringify(canonical(wanted))) && `the sizes are ${sizes.join(' and ')}`,
    (pod === undefined || others.length > 0) && `there are ${live.pods.length} pods`,
    pod && podSize(pod, wanted).state !== 'held' && 'the pod has another size',
  ].filter(Boolean)
  if (wrong.length > 0) throw new Error(wrong.join('; '))
}

/** @throws with the events by name if what is told of them does not hold */
function assertFor(events: fc.Arbitrary<Event[]>, holds: (world: World) => void): void {
  const policies = fc.constantFrom('none' as const, 'takes CPU limits' as const)
  const property = fc.property(scenarios, policies, events, (scenario, policy, events) => {
    try {
      holds(play(new World({ ...scenario, policy }), events))
    } catch (error) {
      throw new Error(`${(error as Error).message}, after ${events.map(({ name }) => name).join(', ')}`)
    }
  })
  fc.assert(property, { numRuns })
}

t.test(
  'gives the newest size to Deployment, ReplicaSet and the same pod, whoever acts when and is cut off where',
  async () => {
    assertFor(eventsWith(), ({ live }) => {
      if (live.pods[0]?.metadata?.uid !== 'uid-of-pod-1') throw new Error('it is another pod')
    })
  },
)

t.test(
  'keeps the pod when a process goes on that was stopped anywhere, while another made another change',
  async () => {
    assertFor(takeovers, ({ live }) => {
      if (live.pods[0]?.metadata?.uid !== 'uid-of-pod-1') throw new Error('it is another pod')
    })
  },
)

t.test(
  'gives a pod that comes anew in the middle of it the newest size, and replaces none on top of that',
  async () => {
    assertFor(eventsWith('evict'), () => {})
  },
)

t.test(
  'replaces the pod at most once for each restart that is asked for meanwhile, and then by the newest template',
  async () => {
    assertFor(eventsWith('restart'), ({ live, spec }) => {
      const revision = live.pods[0]?.metadata?.annotations?.['fluxiondb.com/template-revision']
      if (revision !== String(spec.desired.templateRevision)) throw new Error(`the pod is of revision ${revision}`)
    })
  },
)

t.test(
  'replaces no pod under a policy that rewrites templates, but says that it would, and leaves no pause',
  async () => {
    const property = fc.property(scenarios, eventsWith(), (scenario, events) => {
      const world = new World({ ...scenario, policy: 'adds a label' })
      for (const { run } of events) {
        run(world)
        assertNotReplaced(world)
      }
      world.end()
      assertNotReplaced(world)
      const { live, deciders } = world
      if (live.deployment?.spec?.paused) throw new Error('the Deployment is paused')
      const last = deciders.map(({ last }) => last?.next)
      if (last.some((next) => next !== 'rewritten' && next !== 'done'))
        throw new Error(`it is not over: ${last.join()}`)
    })
    fc.assert(property, { numRuns })
  },
)
