/** `kill -9` after every single write of a takeover: whoever runs next completes it, with the same pod. */
import t, { type Test } from 'tap'
import { newCredential } from '../../../src/credentials/credential.ts'
import { apiOf } from '../../helpers/api.ts'
import { testCluster, withoutPods } from '../../helpers/cluster.ts'
import { startCuttingProxy, type Write } from '../../helpers/cutting-proxy.ts'
import { originalOf } from '../../helpers/original-chart.ts'
import { serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'
import { secretsOf } from '../../helpers/tenant-objects.ts'

/** A takeover has fewer writes: a loop over them that gets here does not end. */
const TOO_MANY = 48
/** So many releases are installed, and services killed, at once. */
const AT_ONCE = 6

const cluster = await testCluster()
const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })
const credentials = [entry]

t.test('a takeover that is killed after any of its writes is completed', { skip: withoutPods(cluster) }, async (t) => {
  const killed: Awaited<ReturnType<typeof killAfter>>[] = []
  while (killed.every(({ write }) => write !== undefined)) {
    t.ok(killed.length < TOO_MANY, `${killed.length} writes so far`)
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => killed.length + index + 1)
    killed.push(...(await Promise.all(numbers.map((number) => killAfter(t, number)))))
  }
  t.comment(`cut after: ${killed.map(({ write }) => (write ? nameOf(write) : 'not cut')).join(', ')}`)

  const { api } = await serveResizes(t, cluster, {}, { credentials })
  for (const { original, write, before } of killed) {
    const { userId, namespace } = original
    const when = write ? `killed after write ${write.number}, ${nameOf(write)}` : 'not killed'
    const { status, body } = await api('POST', `/tenants/${userId}/adopt`, undefined, { prefer: 'wait=60' })
    t.equal(status, 200, when)
    t.match(
      body,
      { state: 'active', adoptedFrom: original.release, operation: { type: 'adopt', state: 'succeeded' } },
      when,
    )
    const tenant = tenantAt(cluster, api, userId)
    t.strictSame(await tenant.runs(), before, `${when}: the same pod and container`)
    t.strictSame(await tenant.whatIsWrong(), [], `${when}: nothing is left half done`)
    const secrets = await secretsOf(cluster, userId)
    t.strictSame(
      secrets.map(({ metadata }) => metadata?.name).sort(),
      [`${original.fullname}-secrets`, `kept.sh.helm.release.v1.${original.release}.v1`],
      `${when}: the record of Helm is kept, once`,
    )
    t.notMatch(JSON.stringify((await tenant.deployment()).metadata?.annotations), 'meta.helm.sh', when)
    t.equal(
      atob(secrets.find(({ metadata }) => metadata?.name?.endsWith('-secrets'))!.data!['secret-key']!),
      original.key,
    )
    await cluster.admin.core.deleteNamespace({ name: namespace })
  }
})

/** Cuts a takeover after this write. @returns the write; undefined: it had ended before it came there */
async function killAfter(t: Test, number: number) {
  const original = originalOf(t, cluster, `cut-${number}`, number % 2 === 0 ? 4 : 3)
  const { userId, namespace } = original
  await original.install({ 'readinessProbe.initialDelaySeconds': '0' })
  await original.give()
  let ours = 0
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, (write: Write) => {
    // The resync would go on with what the others of this test left.
    if (!`${write.path}/`.includes(`/${namespace}/`)) return 'hold'
    return !isHistory(write) && ++ours === number ? 'cut' : undefined
  })
  t.teardown(() => proxy.close())
  const service = await serveResizes(t, cluster, { KUBECONFIG: proxy.kubeconfig }, { credentials })
  proxy.kill = () => service.process.kill('SIGKILL')
  const api = apiOf(service, key)
  const before = await tenantAt(cluster, api, userId).runs()

  const ended = api('POST', `/tenants/${userId}/adopt`, undefined, { prefer: 'wait=60' }).then(
    ({ status, body }) => {
      t.equal(status, 200, `not cut: ${JSON.stringify(body.operation ?? body)}`)
      return undefined
    },
    () => proxy.cut, // Nobody answers any more. If it was not cut, the test does not end.
  )
  const write = await Promise.race([proxy.cut, ended])
  await service.stop('SIGKILL')
  return { original, write, before }
}

const nameOf = ({ method, resource }: Write) => `${method} ${resource}`

/** The history of operations is written beside the work. */
const isHistory = ({ resource }: Write) => resource === 'configmaps'
