import t from 'tap'
import { databaseStatus } from '../../src/tenants/observe/observed.ts'
import { until } from '../helpers/api.ts'
import { bashInPod } from '../helpers/bash-in-pod.ts'
import { testCluster, withoutPods } from '../helpers/cluster.ts'
import { databaseProcess } from '../helpers/node-process.ts'
import { serveClient } from '../helpers/serve-client.ts'
import { tenantOf } from '../helpers/tenant.ts'

const cluster = await testCluster()
const onThisMachine =
  cluster.kind === 'node' ? false : `the node of a cluster of kind ${cluster.kind} is not this machine`

t.test("a tenant's running pod", { skip: withoutPods(cluster) }, async (t) => {
  const tenant = tenantOf(t, cluster, await serveClient(t, cluster), 'hardened')
  t.equal((await tenant.create('512Mi')).response.status, 201)
  const { namespace } = tenant.names

  t.test('runs the database as uid 1000, without capabilities and confined by seccomp', async (t) => {
    const status = await inPod('echo "$(</proc/1/status)"')
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]
    t.match(field('Uid'), /^1000\s1000\s1000\s1000$/)
    t.match(field('Gid'), /^1000\s1000\s1000\s1000$/)
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) t.match(field(set), /^0+$/, set)
    t.equal(field('NoNewPrivs'), '1')
    t.equal(field('Seccomp'), '2', 'a filter')
  })

  t.test('can write to its data folder, and not to its image', async (t) => {
    t.equal(await inPod('echo x > /data/hardening && echo "$(</data/hardening)"'), 'x\n')
    await t.rejects(inPod('echo x > /hardening'), /Read-only file system|Permission denied/)
    const root = (await inPod('echo "$(</proc/1/mountinfo)"')).split('\n').find((line) => line.split(' ')[4] === '/')
    t.match(root?.split(' ')[5], /^ro\b/)
  })

  t.test('has no token of a ServiceAccount, and no variables of other Services', async (t) => {
    await t.resolves(inPod('[[ ! -e /var/run/secrets/kubernetes.io ]]'))
    t.notMatch(await inPod('echo "$(</proc/1/mountinfo)"'), /serviceaccount/)
    const hosts = (await inPod('compgen -e')).split('\n').filter((name) => name.endsWith('_SERVICE_HOST'))
    t.strictSame(hosts, ['KUBERNETES_SERVICE_HOST'], 'the one that no pod is spared')
  })

  t.test('is in a namespace that takes no pod with more rights', async (t) => {
    const pod = {
      metadata: { name: 'privileged' },
      spec: { containers: [{ name: 'shell', image: cluster.image, securityContext: { privileged: true } }] },
    }
    const refused = cluster.admin.core.createNamespacedPod({ namespace, body: pod })
    await t.rejects(refused, { code: 403, body: /violates PodSecurity \\"restricted/ })
  })

  t.test('is started again when its database is frozen, with its data', { skip: onThisMachine }, async (t) => {
    await hasten()
    await tenant.insert('flushed')
    await tenant.untilFlushed()
    const before = await tenant.readyPod()
    const pid = await databaseProcess(before)
    process.kill(pid, 'SIGSTOP')
    const after = await until('another container', async () =>
      (await tenant.pods()).find((pod) => (databaseStatus(pod)?.restartCount ?? 0) > 0),
    )
    t.equal(after.metadata?.uid, before.metadata?.uid, 'in the same pod')
    await tenant.readyPod()
    t.strictSame(await tenant.documents(), ['flushed'])
    t.match((await tenant.get()).data, { state: 'active', actual: { restarts: 1 } })
    t.strictSame(await tenant.overlaps(), [])
  })

  async function inPod(script: string): Promise<string> {
    return bashInPod(cluster, await tenant.readyPod(), script)
  }

  /** Gives the liveness probe other figures: with its own, a restart takes more than two minutes. What it asks stays. */
  async function hasten(): Promise<void> {
    const probe = '/spec/template/spec/containers/0/livenessProbe'
    const figures = { periodSeconds: 1, timeoutSeconds: 4, failureThreshold: 2 }
    const old = await tenant.readyPod()
    await cluster.admin.apps.patchNamespacedDeployment({
      name: tenant.names.fullname,
      namespace,
      body: Object.entries(figures).map(([field, value]) => ({ op: 'replace', path: `${probe}/${field}`, value })),
    })
    await tenant.readyPod(old)
  }
})
