/** The service installed by its chart from its image: two replicas in the cluster, with their own rights. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SchedulingV1Api } from '@kubernetes/client-node'
import t from 'tap'
import { namesFor } from '../../../src/manifests/names.ts'
import { openDatabase } from '../../../tools/open-database.ts'
import { type Api, apiOf, until, untilState } from '../../helpers/api.ts'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { startLoad } from '../../helpers/load.ts'
import { releaseOf } from '../../helpers/release.ts'
import { newUserId } from '../../helpers/tenant-objects.ts'
import { WHOLE } from '../../helpers/whole.ts'

const TENANTS = WHOLE ? 20 : 8
const TEMPLATE = 'src/manifests/pod-template.ts'
const RENDERER = /RENDERER_VERSION = '[^']*'/

const cluster = await testCluster()
const skip = withoutPods(cluster) || (cluster.kind === 'node' ? false : 'only a node of ours can be given the image')

t.test('the service installed by its chart', { skip }, async (t) => {
  const { core, config } = cluster.admin
  const release = releaseOf(t, cluster, `installed-${randomBytes(3).toString('hex')}`)
  const image = await release.image()
  await release.install(image)
  const key = await release.firstCredential()
  const { api, address } = await release.service(key)
  const userIds = Array.from({ length: TENANTS }, (_, index) => newUserId(t, cluster, `installed-${index}`))

  const podUids = async (): Promise<unknown[]> => {
    const lists = userIds.map((id) => core.listNamespacedPod({ namespace: namesFor(id).namespace }))
    return (await Promise.all(lists)).map(({ items }) =>
      items.map(({ metadata, status }) => [metadata?.uid, status?.containerStatuses?.[0]?.restartCount]),
    )
  }
  const answers = (api: Api) =>
    Promise.all(userIds.map(async (id) => (await api('GET', `/tenants/${id}`)).body as Record<string, unknown>))

  t.test('has two replicas that are ready, and answers by its Service', async (t) => {
    t.match((await release.deployment()).status, { replicas: 2, readyReplicas: 2 })
    // A busy API server may have left one look of the service without an answer.
    await until('it is ready and reaches the cluster', async () => {
      const { body } = await api('GET', '/readyz')
      return body.status === 'ready' && body.cluster.reachable
    })
    t.match(await release.test(), /Phase: *Succeeded/, 'helm test')
  })

  t.test('keeps its first credential when the Secret that shows it is deleted', async (t) => {
    const name = `${release.fullname}-first-credential`
    await core.deleteNamespacedSecret({ name, namespace: release.namespace })
    t.equal((await api('GET', '/tenants')).status, 200)
    t.equal((await apiOf({ address, key: `${key}x` })('GET', '/tenants')).status, 401)
  })

  t.test('makes a tenant, changes its RAM (in place where the cluster can), and removes it', async (t) => {
    const userId = newUserId(t, cluster, 'story')
    const body = { userId, ramSize: '128Mi', apiKey: randomBytes(16).toString('hex') }
    const created = await api('POST', '/tenants', body, { prefer: 'wait=60' })
    t.match([created.status, created.body.state], [201, 'active'])
    const insert = async (doc: string) => {
      const database = await openDatabase(cluster.kubeconfig, userId, body.apiKey)
      await database.insert({ col: 'story', doc, ts: Date.now(), data: doc })
      const found = Object.keys(await database.query({ col: 'story' })).sort()
      await database.close()
      return found
    }
    t.strictSame(await insert('first'), ['first'])
    const wait = { prefer: 'wait=60' }
    const [strategy, disruption] = cluster.resizesPods ? ['inPlace', 'none'] : ['auto', 'restart']
    const resized = await api('PATCH', `/tenants/${userId}/ram`, { ramSize: '256Mi', strategy }, wait)
    t.match(resized.body, {
      state: 'active',
      actual: { ramSize: '256Mi', restarts: 0 },
      operation: { outcome: { disruption } },
    })
    t.strictSame(await insert('second'), ['first', 'second'])
    t.equal((await api('DELETE', `/tenants/${userId}?purge=true`, undefined, wait)).status, 204)
  })

  let [pods, before]: [unknown[], unknown[]] = [[], []]
  t.test(`serves ${TENANTS} tenants`, async (t) => {
    for (const userId of userIds) await api('POST', '/tenants', { userId, ramSize: '128Mi' })
    for (const userId of userIds) await untilState(api, userId, 'active', 240)
    pods = await podUids()
    before = await answers(api)
    t.equal(pods.flat().length, TENANTS)
  })
  const paths = ['/tenants', '/tenants?limit=5', `/tenants/${userIds[0]}`, `/tenants/${userIds[1]}/operations`]

  t.test('is upgraded under load without a request that fails', async (t) => {
    const load = startLoad(address, key, paths)
    await release.upgrade({ ...image, 'settings.RAM_MAX': '32Gi' })
    const { answered, failures } = await load.stop()
    t.strictSame(failures, [], `${answered} requests were answered`)
    t.comment(`${answered} requests during the upgrade, ${failures.length} failed`)
    const { status } = await api('POST', '/tenants', { userId: userIds[0], ramSize: '33Gi' })
    t.equal(status, 400, 'the changed value is in force')
  })

  t.test('restarts no database by a version that renders another pod', async (t) => {
    const source = readFileSync(new URL(`../../../${TEMPLATE}`, import.meta.url), 'utf8')
    const later = source
      .replace(RENDERER, "RENDERER_VERSION = 'later'")
      .replace('GRACE_AFTER_FLUSH = 5', 'GRACE_AFTER_FLUSH = 6')
    t.not(later, source)
    const load = startLoad(address, key, paths)
    await release.upgrade({ ...image, ...(await release.image({ [TEMPLATE]: later })) })
    const { answered, failures } = await load.stop()
    t.strictSame(failures, [], `${answered} requests were answered`)
    for (const { userId, state, conditions } of await answers(api)) {
      const update = (conditions as { type: string; status: string }[]).find(({ type }) => type === 'UpdateAvailable')
      t.match([state, update?.status], ['active', 'True'], String(userId))
    }
    t.strictSame(await podUids(), pods, 'the same pods, without a restart')
  })

  t.test('goes on where it was when it is uninstalled and installed again', async (t) => {
    await release.uninstall()
    t.strictSame(await podUids(), pods, 'the databases run without it')
    const name = `${release.fullname}-database`
    await config.makeApiClient(SchedulingV1Api).readPriorityClass({ name })
    const { items } = await core.listNamespacedPod({ namespace: namesFor(userIds[0]!).namespace })
    t.match(items, [{ spec: { priorityClassName: name } }], 'and the class is there that they need')
    await release.install(image)
    const { api } = await release.service(key)
    await until('the first credential is known', async () => (await api('GET', '/tenants')).status === 200)
    t.strictSame(await answers(api), before, 'every tenant answers as before')
    t.strictSame(await podUids(), pods, 'the same pods')
  })
})
