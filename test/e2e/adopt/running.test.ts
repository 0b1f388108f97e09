/** Tenants that Helm has installed are taken over under a client that inserts all the time. */
import t from 'tap'
import { testCluster, withoutPods, withoutResize } from '../../helpers/cluster.ts'
import { longestGap, startInserting } from '../../helpers/inserting-client.ts'
import { type HelmStyle, originalOf } from '../../helpers/original-chart.ts'
import { recordPods } from '../../helpers/pod-record.ts'
import { serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'

const cluster = await testCluster()
const { core, apps } = cluster.admin
const CASES: readonly {
  what: string
  prefix: string
  style: HelmStyle
  values: Record<string, string>
  ram: string
}[] = [
  {
    what: 'the quick start, by Helm 3, with the request of RAM below its limit',
    prefix: 'quick',
    style: 3,
    values: { 'resources.limits.memory': '2Gi', 'persistence.size': '4Gi' },
    ram: '2Gi',
  },
  {
    what: 'a basic user, by Helm 4',
    prefix: 'basic',
    style: 4,
    values: { 'resources.requests.memory': '1Gi', 'resources.limits.memory': '1Gi', 'persistence.size': '20Gi' },
    ram: '1Gi',
  },
  {
    what: 'a release whose name contains the name of the chart, by Helm 3',
    prefix: 'my-fluxiondb',
    style: 3,
    values: { 'podAnnotations.example\\.com/note': 'kept', 'podLabels.team': 'a' },
    ram: '512Mi',
  },
  {
    what: 'a release whose name contains the name of the chart, by Helm 4',
    prefix: 'a-fluxiondb',
    style: 4,
    values: { 'persistence.size': '1Gi' },
    ram: '512Mi',
  },
]

t.jobs = CASES.length
for (const { what, prefix, style, values, ram } of CASES) {
  t.test(what, { skip: withoutPods(cluster), buffered: true }, async (t) => {
    const { api } = await serveResizes(t, cluster)
    const original = originalOf(t, cluster, prefix, style)
    const { userId, namespace, key, fullname } = original
    await original.install(values)
    await original.upgrade(values)
    const tenant = { ...tenantAt(cluster, api, userId), key }
    const seen = await recordPods(t, cluster, namespace)
    const [before] = await tenant.runs()
    const template = (await tenant.deployment()).spec!.template
    const client = await startInserting(tenant)
    await client.database.insert({ col: 'test', doc: 'of-helm', ts: Date.now(), data: '' })

    t.test('is not touched before its operator allows it', async (t) => {
      t.match(await api('POST', `/tenants/${userId}/adopt`), { status: 409, body: { code: 'not-adoptable' } })
      await original.give()
    })

    t.test('is shown beforehand, and nothing is changed by that', async (t) => {
      const untouched = await original.versions()
      const { status, body } = await api('POST', `/tenants/${userId}/adopt?dryRun=true`)
      t.equal(status, 200)
      t.match(body, { desired: { ramSize: ram }, plan: { feasible: true, expectedDisruption: 'none' } })
      t.strictSame(await original.versions(), untouched)
      const { body: list } = await api('GET', '/admin/adoptable')
      t.strictSame(
        list.items.find((one: { userId: string }) => one.userId === userId),
        body,
        'the list says the same',
      )
    })

    t.test('becomes a tenant with its sizes, key and options', async (t) => {
      const { status, body } = await api('POST', `/tenants/${userId}/adopt`, undefined, { prefer: 'wait=60' })
      t.equal(status, 200, JSON.stringify(body.operation))
      t.match(body, {
        state: 'active',
        adoptedFrom: original.release,
        desired: { ramSize: ram },
        operation: { type: 'adopt', state: 'succeeded', outcome: { disruption: 'none', asPlanned: true } },
      })
      const { resources } = (await tenant.deployment()).spec!.template.spec!.containers[0]!
      t.strictSame(resources, template.spec!.containers[0]!.resources, 'not even a request below its limit is touched')
      t.match(body.options, {
        networkPolicy: { enabled: false },
        livenessProbe: { type: 'tcp', initialDelaySeconds: 10 },
      })
      t.match(body.conditions, [
        { type: 'Ready', status: 'True' },
        { type: 'UpdateAvailable', status: 'True' },
      ])
      const secret = await core.readNamespacedSecret({ name: `${fullname}-secrets`, namespace })
      t.equal(atob(secret.data!['secret-key']!), key)
      const live = (await tenant.deployment()).spec!
      t.match(live, { strategy: { type: 'Recreate' }, paused: undefined })
      t.strictSame(live.template.metadata, template.metadata, 'the template keeps its labels')
      t.strictSame(await api('POST', `/tenants/${userId}/adopt`).then(({ status }) => status), 200, 'again: as it is')
      const declared = await api('PUT', `/tenants/${userId}`, { ramSize: ram })
      t.match(
        [declared.status, declared.body.generation],
        [200, body.generation],
        'a tool that declares it changes nothing',
      )
    })

    t.test('is the same pod and container, and its client noticed nothing', async (t) => {
      t.strictSame(await tenant.runs(), [before])
      t.equal(client.closedAt(), undefined, 'its connection is open')
      t.equal(seen().length, 1, 'there was no other pod')
      t.comment(`longest gap between two acknowledgements: ${Math.round(longestGap(client.acknowledged))} ms`)
    })

    t.test('is out of the hands of Helm', async (t) => {
      await t.rejects(original.upgrade(values), /has no deployed releases/)
      await t.rejects(original.run('uninstall', original.release), /not found/)
      await t.rejects(original.install(values), /invalid ownership metadata/)
      await t.rejects(original.run('rollback', original.release), /not found/)
      t.strictSame(await tenant.runs(), [before])
      const { items } = await core.listNamespacedSecret({ namespace })
      const kept = items.filter(({ type }) => type === 'fluxiondb.com/helm-release')
      t.strictSame(
        kept.map(({ metadata }) => metadata?.name).sort(),
        [1, 2].map((revision) => `kept.sh.helm.release.v1.${original.release}.v${revision}`),
        'its records are kept',
      )
      t.ok(kept.every(({ data }) => (data?.release?.length ?? 0) > 1000))
    })

    t.test('gets more RAM without a restart, then lives as any tenant', { skip: withoutResize(cluster) }, async (t) => {
      t.equal((await tenant.resize({ ramSize: '2560Mi' })).truth, 'none')
      t.strictSame(await tenant.whatIsWrong(), [])
      t.strictSame(await tenant.runs(), [before])
    })

    t.test('has acknowledged every insert until then', async (t) => {
      t.equal(await client.stop(), 0, 'every insert was acknowledged')
    })

    t.test('has its data after a restart with the template of today, without the old start command', async (t) => {
      const { truth } = await tenant.post('restart')
      t.equal(truth, 'restart')
      const { spec } = await tenant.pod()
      t.match(spec, { containers: [{ command: undefined, ports: [{ name: 'websocket' }] }] })
      t.strictSame(
        (await tenant.get()).conditions.map(({ type }) => type),
        ['Ready'],
      )
      const database = await startInserting(tenant)
      t.ok('of-helm' in (await database.database.query({ col: 'test' })))
      await database.stop()
      const { items } = await apps.listNamespacedDeployment({ namespace })
      t.notMatch(JSON.stringify(items[0]?.metadata), 'helm', 'no mark of Helm is left')
    })
  })
}
