/**
 * Every field that the service owns of a tenant's objects, changed and taken away by another hand, one at a time: it is as it was within
 * seconds, and no database is restarted by that. Fields of the pod template are not among them: only an operation restarts a database.
 */
import { type KubernetesObject, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import t from 'tap'
import { keyOf } from '../../src/manifests/secret.ts'
import { until } from '../helpers/api.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { createTenant, serveResizes } from '../helpers/resized-tenant.ts'
import { liveObjects, recordOf, renderedObjects, whatIsIncomplete } from '../helpers/tenant-objects.ts'
import { WHOLE } from '../helpers/whole.ts'

/** Tenants, each with one change at a time. */
const AT_ONCE = 6
/** Of all changes `npm test` makes one in so many. */
const EVERY = WHOLE ? 1 : 5
const SOON_SECONDS = 30
/**
 * A claim's fields are an operation's matter, the Secret is not the service's to write, and the Namespace is posted once: only
 * administrators can change one, and what they set stays.
 */
const KINDS = ['Service', 'ResourceQuota', 'NetworkPolicy', 'RoleBinding', 'Deployment']
/**
 * Left as they are: the name of a Service's only port, as under another one it would lead nowhere for a moment, and the note of which
 * version has made the pod template, as nobody can tell.
 */
const KEPT = ['/spec/ports/0/name', '/metadata/annotations/fluxiondb.com~1renderer']
/** Only these of all, as `FIELDS=replicas`. */
const ONLY = new RegExp(process.env.FIELDS ?? '')
const JSON_PATCH = PatchStrategy.JsonPatch

type Change = { kind: string; path: string; op: 'replace' | 'remove'; value?: unknown }

const cluster = await testCluster()

t.test('every owned field that another hand changes is mended', { skip: withoutPods(cluster) }, async (t) => {
  const { api } = await serveResizes(t, cluster)
  await until('it knows the cluster', async () => (await api('GET', '/readyz')).status === 200)
  const tenants = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => createTenant(t, cluster, api, `owned-${index}`, '128Mi')),
  )
  const queue = (await changesOf(tenants[0]!.userId)).filter(
    ({ path }, index) => (index % EVERY === 0 || path === '/spec/replicas') && ONLY.test(path),
  )
  const counts = { mended: 0, refused: 0 }

  await Promise.all(
    tenants.map(async (tenant) => {
      const { userId } = tenant
      const before = await tenant.runs()
      for (let change = queue.shift(); change !== undefined; change = queue.shift()) {
        const { kind, path, op, value } = change
        const rendered = await wantedOf(userId)
        const { apiVersion, metadata } = rendered[kind] as KubernetesObject
        const patch = [{ op, path, ...(op === 'replace' && { value }) }]
        const what = `${op} ${kind} ${path}`
        try {
          const body = {
            apiVersion: apiVersion!,
            kind,
            metadata: { name: metadata!.name!, namespace: metadata!.namespace! },
          }
          await patched(body, patch)
        } catch (error) {
          // Kubernetes itself does not let anybody change it so.
          if (![400, 404, 422].includes((error as { code: number }).code)) throw error
          counts.refused++
          continue
        }
        const isMended = async () => (await whatIsIncomplete(cluster, userId)).length === 0
        const left = await until(what, isMended, SOON_SECONDS).catch(() => whatIsIncomplete(cluster, userId))
        t.equal(left, true, `${what} is mended`)
        counts.mended++
      }
      t.strictSame(await tenant.runs(), before, `${userId} was not restarted`)
    }),
  )
  t.comment(JSON.stringify(counts))
  if (process.env.FIELDS === undefined)
    t.ok(counts.mended > (WHOLE ? 60 : 12), `${counts.mended} were mended, ${counts.refused} cannot be made`)

  async function patched(object: KubernetesObject, patch: object[]): Promise<void> {
    const { kind, metadata } = object
    const { core, apps, networking, rbac } = cluster.admin
    const at = { name: metadata!.name!, namespace: metadata!.namespace!, body: patch }
    const options = setHeaderOptions('Content-Type', JSON_PATCH)
    if (kind === 'Service') await core.patchNamespacedService(at, options)
    else if (kind === 'ResourceQuota') await core.patchNamespacedResourceQuota(at, options)
    else if (kind === 'NetworkPolicy') await networking.patchNamespacedNetworkPolicy(at, options)
    else if (kind === 'RoleBinding') await rbac.patchNamespacedRoleBinding(at, options)
    else await apps.patchNamespacedDeployment(at, options)
  }
})

async function wantedOf(userId: string): Promise<Record<string, KubernetesObject>> {
  const [spec, { Secret }] = [await recordOf(cluster, userId), await liveObjects(cluster, userId)]
  return renderedObjects(spec, keyOf(Secret[0]!)!)
}

/** Every leaf of what is rendered: once with another value, once without. */
async function changesOf(userId: string): Promise<Change[]> {
  const rendered = await wantedOf(userId)
  return KINDS.flatMap((kind) => {
    const { apiVersion: _, kind: __, metadata, ...rest } = rendered[kind]! as KubernetesObject & Record<string, unknown>
    const { labels, annotations } = metadata!
    const owned = { ...rest, metadata: { labels, annotations } }
    return leavesOf(owned, '').flatMap(({ path, value }): Change[] =>
      path.startsWith('/spec/template') || KEPT.includes(path)
        ? []
        : [
            { kind, path, op: 'replace', value: otherThan(value) },
            { kind, path, op: 'remove' },
          ],
    )
  })
}

function leavesOf(value: unknown, path: string): { path: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [{ path, value }]
  return Object.entries(value).flatMap(([name, one]) =>
    leavesOf(one, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  return /^\d+$/.test(String(value)) ? `${Number(value) + 1}` : `${value}x`
}
