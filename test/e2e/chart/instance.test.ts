/** Databases that Helm keeps by the instance chart, on a cluster that enforces the restricted Pod Security Standard. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { SchedulingV1Api, type V1Pod } from '@kubernetes/client-node'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { namesFor } from '../../../src/manifests/names.ts'
import { isReady } from '../../../src/tenants/observe/observed.ts'
import { helm } from '../../../tools/helm.ts'
import { overlaps } from '../../../tools/local-cluster/cluster.ts'
import { openDatabase } from '../../../tools/open-database.ts'
import type { Database } from '../../../tools/stand-in/client.ts'
import { until } from '../../helpers/api.ts'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { newUserId } from '../../helpers/tenant-objects.ts'

const CHART = join(import.meta.dirname, '../../../charts/fluxiondb')
const cluster = await testCluster()
const { core, apps, networking, config } = cluster.admin
const skip = withoutPods(cluster)

/** Such a pod cert-manager puts beside an Ingress, to prove that it has the host. */
const SOLVER: V1Pod = {
  metadata: { name: 'acme-solver' },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'solver',
        image: cluster.image,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
}

t.test('the quick start', { skip }, async (t) => {
  const release = await releaseOf(t, 'quick-start')
  const priorityClass = `${release.namespace}-class`
  const scheduling = config.makeApiClient(SchedulingV1Api)
  await scheduling.createPriorityClass({ body: { metadata: { name: priorityClass }, value: 0 } })
  t.teardown(() => scheduling.deletePriorityClass({ name: priorityClass }))
  await release.install({ 'quota.enabled': 'true' })
  await release.insert('first')

  t.test('is open to nobody with another key', async (t) => {
    const refused = { message: /status 401/ }
    await t.rejects(openDatabase(cluster.kubeconfig, release.userId, 'another-key'), refused)
  })

  t.test('has twice the RAM after an upgrade, other values as before, and its data', async (t) => {
    const sizes = { 'resources.requests.memory': '4Gi', 'resources.limits.memory': '4Gi', 'persistence.size': '8Gi' }
    await release.act('upgrade', '--reset-then-reuse-values', ...set({ ...sizes, priorityClassName: priorityClass }))
    t.match((await release.container()).resources, {
      requests: { memory: '4Gi', cpu: '10m' },
      limits: { memory: '4Gi', cpu: '1500m' },
    })
    t.equal((await release.claim()).spec?.resources?.requests?.storage, '8Gi')
    t.strictSame(await release.documents(), ['first'])
  })

  t.test(
    'has room for a pod beside it that has no priority class from the next upgrade on, and for no other',
    async (t) => {
      const { namespace } = release
      const { metadata, spec } = await release.pod()
      t.equal(spec?.priorityClassName, priorityClass)
      const create = (body: V1Pod) => core.createNamespacedPod({ namespace, body, dryRun: 'All' })
      await t.rejects(create(SOLVER), { message: /exceeded quota/ })
      await release.act('upgrade', '--reuse-values')
      t.equal((await release.pod()).metadata?.uid, metadata?.uid)
      await until('the quota counts by class', () => create(SOLVER).catch(() => undefined))
      const other = { ...SOLVER, spec: { ...SOLVER.spec!, priorityClassName: priorityClass } }
      await t.rejects(create(other), { message: /exceeded quota/ })
    },
  )

  t.test('has its data when its pod is deleted', async (t) => {
    const deleted = await release.pod()
    await core.deleteNamespacedPod({ name: deleted.metadata!.name!, namespace: release.namespace })
    await until('another pod is ready', async () => {
      const pod = await release.pod()
      return pod?.metadata?.uid !== deleted.metadata!.uid && pod && isReady(pod)
    })
    t.strictSame(await release.documents(), ['first'])
  })

  t.test('has its data when it is uninstalled and installed again', async (t) => {
    await release.uninstall()
    const { metadata } = await release.claim()
    await release.install({ 'persistence.size': '8Gi', 'quota.enabled': 'true' })
    t.equal((await release.claim()).metadata?.uid, metadata?.uid, 'the claim has stayed')
    t.strictSame(await release.documents(), ['first'])
  })

  t.test('never had two databases on its volume', async (t) => {
    const found = (await overlaps(cluster)).filter((record) => record.startsWith(`${release.namespace}/`))
    t.strictSame(found, [])
  })
})

t.test('a basic user', { skip }, async (t) => {
  const release = await releaseOf(t, 'basic')
  await serves(t, release)
  t.match((await release.container()).resources, { limits: { memory: '1Gi' } })
})

t.test('a premium user, with a network policy', { skip }, async (t) => {
  const release = await releaseOf(t, 'premium')
  await serves(t, release)
  t.match((await release.container()).resources, { limits: { memory: '8Gi' } })
  t.match((await networking.readNamespacedNetworkPolicy(release.object)).spec?.ingress, [
    { _from: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }], ports: [{ port: 8080 }] },
  ])
})

t.test('a Secret that is there already', { skip }, async (t) => {
  const release = await releaseOf(t, 'existing-secret')
  const body = { metadata: { name: 'fluxiondb-key' }, stringData: { 'secret-key': release.key } }
  await core.createNamespacedSecret({ namespace: release.namespace, body })
  await serves(t, release)
  const { items } = await core.listNamespacedSecret({ namespace: release.namespace })
  const others = items.filter(({ type }) => type !== 'helm.sh/release.v1')
  t.strictSame(
    others.map(({ metadata }) => metadata?.name),
    ['fluxiondb-key'],
    'Helm has made none',
  )
  const record = items.find(({ type }) => type === 'helm.sh/release.v1')!
  const kept = gunzipSync(Buffer.from(atob(record.data!.release!), 'base64')).toString()
  t.match(kept, 'FLUXIONDB_SECRET_KEY', 'Helm keeps the manifests')
  t.notMatch(kept, release.key, 'but not the key')
})

t.test('an ingress with TLS', { skip }, async (t) => {
  const release = await releaseOf(t, 'ingress')
  await serves(t, release)
  t.match((await networking.readNamespacedIngress(release.object)).spec, {
    rules: [{ host: 'user123.db.example.com' }],
    tls: [{ secretName: 'user123-tls' }],
  })
})

t.test('a value that only Kubernetes can judge is refused by its name', { skip }, async (t) => {
  const release = await releaseOf(t, 'basic')
  await t.rejects(release.install({ 'tolerations[0].key': 'a', 'tolerations[0].effect': 'Never' }), {
    message: /tolerations\[0\]\.effect.*Never/,
  })
})

type Release = Awaited<ReturnType<typeof releaseOf>>

async function serves(t: Test, release: Release): Promise<void> {
  await release.install()
  await release.insert('first')
  t.strictSame(await release.documents(), ['first'])
}

/** A release of one of the chart's example files, as of its user; the namespace is removed at the end of `t`. */
async function releaseOf(t: Test, example: string) {
  const file = join(CHART, 'ci', `${example}-values.yaml`)
  const userId = newUserId(t, cluster, example)
  const { namespace, release, fullname } = namesFor(userId)
  const object = { name: fullname, namespace }
  const key: string = parse(readFileSync(file, 'utf8')).secret.secretKey ?? 'key-of-the-operator'
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  await core.createNamespace({ body: { metadata: { name: namespace, labels } } })

  const run = (...args: string[]) =>
    helm(
      [...args, `--kubeconfig=${cluster.kubeconfig}`, `--namespace=${namespace}`, '--wait', '--timeout=120s'],
      () => {},
    )
  const act = (command: 'install' | 'upgrade', ...args: string[]) => run(command, release, CHART, ...args)
  const [repository, tag] = cluster.image.split(/:(?=[^:]+$)/) as [string, string]
  const here = {
    'image.repository': repository,
    'image.tag': tag,
    'persistence.storageClass': cluster.storageClasses.expanding,
    // A small machine: all of them find room, and end soon.
    'resources.requests.cpu': '10m',
    'env.flushInterval': '1',
  }

  async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const database = await openDatabase(cluster.kubeconfig, userId, key)
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }

  return {
    userId,
    namespace,
    object,
    key,
    act,
    /** Ends when the pod is ready. */
    install: (given: Record<string, string> = {}) => act('install', `--values=${file}`, ...set({ ...here, ...given })),
    /** Ends when the pod has ended, which else would go on writing, and the Deployment is gone, as the chart's page tells. */
    async uninstall() {
      await run('uninstall', release, '--cascade=foreground')
      await until(
        'the Deployment is gone',
        async () => (await apps.listNamespacedDeployment({ namespace })).items.length === 0,
      )
    },
    insert: (doc: string) =>
      withDatabase((database) => database.insert({ col: 'test', doc, ts: Date.now(), data: doc })),
    documents: () => withDatabase(async (database) => Object.keys(await database.query({ col: 'test' })).sort()),
    pod: async () => (await core.listNamespacedPod({ namespace })).items[0]!,
    claim: () => core.readNamespacedPersistentVolumeClaim(object),
    container: async () => (await apps.readNamespacedDeployment(object)).spec!.template.spec!.containers[0]!,
  }
}

function set(values: Record<string, string>): string[] {
  return Object.entries(values).map(([path, value]) => `--set=${path}=${value}`)
}
