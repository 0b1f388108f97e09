/** Every option of a live tenant changed to other values and back, each time to the end of the operation. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type KubernetesObject, SchedulingV1Api } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { imageFrom } from '../../src/manifests/options.ts'
import type { Plan } from '../../src/tenants/record/plan.ts'
import {
  CLASSES,
  EVERYTHING_OPEN,
  OPTION_CHANGES,
  type OptionChange,
  patchFor,
  SERVICE_ACCOUNT,
  type Surroundings,
} from '../fixtures/option-changes.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { createTenant, type ResizedTenant, serveResizes } from '../helpers/resized-tenant.ts'
import { secondNameOf } from '../helpers/second-image.ts'
import { liveObjects } from '../helpers/tenant-objects.ts'

/** So many tenants side by side are given another pod, each by one change of several options. */
const RESTARTING_TENANTS = 5
/** Groups of options with many values: each has a tenant of its own. */
const MANY = ['service.', 'ingress.', 'networkPolicy.']

const cluster = await testCluster()
const { core, networking } = cluster.admin

t.test('every option of a live tenant, there and back', { skip: withoutPods(cluster) }, async (t) => {
  await makeClasses(t)
  const file = join(t.testdir(), 'policy.json')
  writeFileSync(file, EVERYTHING_OPEN)
  const { api } = await serveResizes(t, cluster, { POLICY_FILE: file, OPERATION_TIMEOUT_SECONDS: '60' })
  const otherImage = await nameImages(t)
  t.jobs = RESTARTING_TENANTS + MANY.length + 1

  for (const [name, trips] of Object.entries(tripsOf(otherImage))) {
    t.test(name, { buffered: true }, async (t) => {
      const tenant = await createTenant(t, cluster, api, 'options', '256Mi')
      await prepare(tenant)
      for (const trip of trips) await t.test(trip.name, (t) => make(t, tenant, trip))
    })
  }
})

/** Changes of one option, or of several at once, that end where they have begun. */
type Trip = Pick<OptionChange, 'effect' | 'with' | 'keeps'> & { name: string; stops: (userId: string) => object[] }

/** All of them, by the tenant that makes them. */
function tripsOf(otherImage: Surroundings['otherImage']): Record<string, Trip[]> {
  const isPossible = ([path]: [string, unknown]) => cluster.kind === 'node' || !/^image\.(repository|tag)$/.test(path)
  const trips = Object.entries(OPTION_CHANGES)
    .filter(isPossible)
    .map(([name, { values, ...rest }]) => {
      const stops = (userId: string) => [...values({ userId, otherImage }), null].map((value) => patchFor(name, value))
      return { ...rest, name, stops }
    })
  const [renewing, others] = [trips.filter(isRenewing), trips.filter((trip) => !isRenewing(trip))]
  const renewed = Array.from({ length: RESTARTING_TENANTS }, (_, tenant) =>
    together(renewing.filter((_, index) => index % RESTARTING_TENANTS === tenant)),
  )
  return {
    ...Object.fromEntries(renewed.map((trip) => [`another pod for ${trip.name}`, [trip]])),
    ...(Object.groupBy(others, ({ name }) => MANY.find((group) => name.startsWith(group)) ?? 'others') as object),
  }
}

const isRenewing = ({ effect }: Trip) => effect === 'restart'

function together(trips: Trip[]): Trip {
  const stops = (userId: string) => [0, -1].map((at) => merged(trips.map((trip) => trip.stops(userId).at(at)!)))
  return { effect: 'restart', name: trips.map(({ name }) => name).join(', '), stops }
}

function merged(patches: readonly object[]): object {
  const keys = new Set(patches.flatMap((patch) => Object.keys(patch)))
  const all = Object.assign({}, ...patches)
  if (keys.size < patches.length) throw new Error(`two of these are in one group: ${JSON.stringify(patches)}`)
  return all
}

async function make(t: Test, tenant: ResizedTenant, { stops, effect, keeps = 'nothing', ...trip }: Trip) {
  if (trip.with) await changed(t, tenant, trip.with, 'objects')
  const { [keeps]: _, ...start } = await shown(tenant)
  const all = stops(tenant.userId)
  if (effect === 'refused') return isRefused(t, tenant, trip.name, all[0]!)
  let { options: _before, ...last }: Record<string, unknown> = start
  for (const stop of all) {
    await changed(t, tenant, stop, effect)
    const { [keeps]: _kept, options, ...objects } = await shown(tenant)
    if (effect !== 'record' && keeps === 'nothing')
      t.notSame(objects, last, `${JSON.stringify(stop)} is in the objects`)
    last = objects
  }
  const { [keeps]: _kept, ...end } = await shown(tenant)
  t.strictSame(end, start, 'all is as it was')
  if (trip.with) await changed(t, tenant, withNulls(trip.with), 'objects')
}

/** A dry run, the change, and its end: what was said, what is told, and what happened are the same. */
async function changed(t: Test, tenant: ResizedTenant, options: object, effect: OptionChange['effect']) {
  const what = JSON.stringify(options)
  const expected = effect === 'restart' || (effect === 'resize' && !cluster.resizesPods) ? 'restart' : 'none'
  const url = `/tenants/${tenant.userId}`
  const plan = (await tenant.api('PATCH', `${url}?dryRun=true`, { options })).body as Plan
  t.match(plan, { feasible: true, expectedDisruption: expected }, `the plan of ${what}`)
  const send = () => tenant.api('PATCH', url, { options }, { prefer: 'wait=60' })
  const { operation, truth } = await tenant.change(what, plan, send)
  const { state, failure, outcome } = operation
  t.match(
    { state, failure: failure?.message, asPlanned: outcome?.asPlanned, disruption: outcome?.disruption, truth },
    {
      state: 'succeeded',
      asPlanned: true,
      disruption: expected,
      truth: expected,
    },
    `the end of ${what}`,
  )
}

async function isRefused(t: Test, tenant: ResizedTenant, path: string, options: object) {
  const before = [(await tenant.get()).generation, await shown(tenant)]
  for (const query of ['?dryRun=true', '']) {
    const { status, body } = await tenant.api('PATCH', `/tenants/${tenant.userId}${query}`, { options })
    const errors = [{ pointer: `/options/${path.replaceAll('.', '/')}`, message: /since the tenant was created/ }]
    t.match({ status, ...body }, { status: 409, code: 'not-feasible', errors })
  }
  t.strictSame([(await tenant.get()).generation, await shown(tenant)], before, 'nothing has changed')
}

/** What there is of the tenant, without what changes whatever is done to it. */
async function shown(tenant: ResizedTenant): Promise<Record<string, unknown>> {
  const { Secret: _, ...objects } = await liveObjects(cluster, tenant.userId)
  const { namespace } = tenant
  const Ingress = (await networking.listNamespacedIngress({ namespace })).items
  const kinds = Object.entries({ ...objects, Ingress }) as [string, KubernetesObject[]][]
  const options = (await tenant.get()).options
  return { options, ...Object.fromEntries(kinds.map(([kind, all]) => [kind, all.map(lasting)])) }
}

const PASSING = /^(fluxiondb\.com\/(spec|spec-generation|template-revision)|deployment\.kubernetes\.io\/revision)$/

function lasting(object: KubernetesObject): unknown {
  const { managedFields, resourceVersion, generation, uid, creationTimestamp, ...metadata } = object.metadata!
  const { status: _, ...rest } = object as KubernetesObject & { status?: unknown }
  return JSON.parse(JSON.stringify({ ...rest, metadata }), (key, value) => {
    if (key !== 'annotations') return value
    const kept = Object.entries(value).filter(([name]) => !PASSING.test(name))
    return kept.length === 0 ? undefined : Object.fromEntries(kept)
  })
}

function withNulls(options: object): object {
  return JSON.parse(JSON.stringify(options), (_, value) => (typeof value === 'object' ? value : null))
}

/** What the values name in the tenant's namespace; and another hand's annotation, which must stay. */
async function prepare({ namespace, fullname: name }: ResizedTenant) {
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: SERVICE_ACCOUNT } } })
  const service = await core.readNamespacedService({ namespace, name })
  service.metadata!.annotations = { 'cloud.example.com/load-balancer': '' }
  await core.replaceNamespacedService({ namespace, name, body: service, fieldManager: 'cloud' })
}

async function makeClasses(t: Test) {
  const scheduling = cluster.admin.config.makeApiClient(SchedulingV1Api)
  await scheduling.createPriorityClass({ body: { metadata: { name: CLASSES.priority }, value: 1 } })
  t.teardown(() => scheduling.deletePriorityClass({ name: CLASSES.priority }))
  for (const name of [CLASSES.ingress, CLASSES.defaultIngress]) {
    const annotations = { 'ingressclass.kubernetes.io/is-default-class': String(name === CLASSES.defaultIngress) }
    const body = { metadata: { name, annotations }, spec: { controller: 'example.com/none' } }
    await networking.createIngressClass({ body })
    t.teardown(() => networking.deleteIngressClass({ name }))
  }
}

async function nameImages(t: Test): Promise<Surroundings['otherImage']> {
  const { repository, tag } = imageFrom(cluster.image)
  if (cluster.kind !== 'node') return { repository, tag }
  const other = `${repository}-again`
  await secondNameOf(t, cluster, `${other}:${tag}`)
  await secondNameOf(t, cluster, `${repository}:${tag}-again`)
  return { repository: other, tag: `${tag}-again` }
}
