import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SchedulingV1Api, type V1Pod } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { type TestTenant, tenantOf } from '../helpers/tenant.ts'

const cluster = await testCluster()
const { core } = cluster.admin
const noRecord = cluster.overlaps === undefined && 'this cluster keeps no record of overlaps'

t.test('two databases on one volume', { skip: withoutPods(cluster) || noRecord }, async (t) => {
  // The default: a pod takes 20 seconds to end, long enough for a second one to start beside it.
  const POLICY_FILE = join(t.testdir(), 'policy.json')
  writeFileSync(POLICY_FILE, JSON.stringify({ options: { write: ['*'] } }))
  const service = await serveClient(t, cluster, { FLUSH_INTERVAL_SECONDS: '15', POLICY_FILE })
  t.jobs = 3

  t.test('are recorded where nothing but the quota is missing', { buffered: true }, async (t) => {
    // Only records of ids that begin so are forgiven by the run of all tests.
    const tenant = await created(t, 'overlap')
    const { fullname: name, namespace } = tenant.names
    // At one time, as the service brings it back within a second.
    const { old, next } = await deletePodByHand(tenant, () => core.deleteNamespacedResourceQuota({ name, namespace }))
    const record = await until('a record of the overlap', async () => (await tenant.overlaps())[0])
    t.match(JSON.parse(record.slice(record.indexOf(' '))), { event: 'begin', hostname: next, other: old })
    await until('the service brings the quota back', async () => {
      const { items } = await core.listNamespacedResourceQuota({ namespace })
      return items.some(({ metadata }) => metadata?.name === name)
    })
  })

  t.test('never happen with the quota in place', { buffered: true }, async (t) => {
    const tenant = await created(t, 'no-overlap')
    await tenant.insert('acknowledged')
    const { next } = await deletePodByHand(tenant)
    t.equal((await tenant.readyPod()).metadata?.name, next)
    t.strictSame(await tenant.documents(), ['acknowledged'])
    t.strictSame(await tenant.overlaps(), [])
  })

  t.test(
    'never happen where other pods may be beside a database with a priority class',
    { buffered: true },
    async (t) => {
      const priorityClassName = await priorityClass(t)
      const tenant = await created(t, 'beside', { priorityClassName })
      const { namespace } = tenant.names
      const make = (body: V1Pod) => core.createNamespacedPod({ namespace, body })
      await t.resolves(make(solverPod('first')), 'the database is not in its way')
      await t.rejects(make(solverPod('with-class', { priorityClassName })), { code: 403 }, 'one pod with a class')
      await tenant.insert('acknowledged')
      const { next } = await deletePodByHand(tenant)
      t.equal((await tenant.readyPod()).metadata?.name, next)
      await t.resolves(make(solverPod('second')))
      t.strictSame(await tenant.documents(), ['acknowledged'])
      t.strictSame(await tenant.overlaps(), [])
    },
  )

  async function created(t: Test, prefix: string, options: { priorityClassName?: string } = {}): Promise<TestTenant> {
    const tenant = tenantOf(t, cluster, service, prefix)
    t.equal((await tenant.create('512Mi', true, options)).response.status, 201)
    return tenant
  }
})

/** The names of the pod that was deleted, and of the one that was made in its place. @param withIt is done at the same time */
async function deletePodByHand(
  tenant: TestTenant,
  withIt: () => Promise<unknown> = async () => {},
): Promise<{ old: string; next: string }> {
  const old = (await tenant.readyPod()).metadata!.name!
  await Promise.all([withIt(), core.deleteNamespacedPod({ name: old, namespace: tenant.names.namespace })])
  const isNext = ({ metadata }: { metadata?: { name?: string } }) => metadata?.name !== old
  const next = await until('a new pod', async () => (await databasesOf(tenant)).find(isNext))
  return { old, next: next.metadata!.name! }
}

const databasesOf = async (tenant: TestTenant) =>
  (await tenant.pods()).filter(({ metadata }) => metadata?.labels?.['app.kubernetes.io/name'] === 'fluxiondb')

/** What cert-manager puts beside an Ingress to prove that a host is its own: a small pod, which here finds no node. */
function solverPod(name: string, options: Partial<NonNullable<V1Pod['spec']>> = {}): V1Pod {
  const resources = { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } }
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  }
  const container = { name: 'acmesolver', image: 'none', resources, securityContext }
  return { metadata: { name }, spec: { containers: [container], nodeSelector: { none: 'such' }, ...options } }
}

async function priorityClass(t: Test): Promise<string> {
  const scheduling = cluster.admin.config.makeApiClient(SchedulingV1Api)
  const name = 'test-databases'
  await scheduling.createPriorityClass({ body: { metadata: { name }, value: 1 } })
  t.teardown(() => scheduling.deletePriorityClass({ name }))
  return name
}
