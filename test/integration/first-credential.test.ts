/** The credential that the service makes itself, among several replicas and through their restarts. */
import t, { type Test } from 'tap'
import { apiOf, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { startCuttingProxy } from '../helpers/cutting-proxy.ts'
import { serve, type TestService } from '../helpers/serve.ts'

const namespace = 'fluxiondb-provisioner'
/** The only names under which the roles of the chart let it. */
const [SHOWN, KEPT] = [`${namespace}-first-credential`, `${namespace}-first-credential-digest`]
const SETTINGS = { FIRST_CREDENTIAL: SHOWN, LOG_LEVEL: 'trace' }

const cluster = await testCluster()
const { core } = cluster.admin

const secret = (name: string) => core.readNamespacedSecret({ name, namespace }).catch(() => undefined)
const remove = async () => {
  for (const name of [SHOWN, KEPT]) await core.deleteNamespacedSecret({ name, namespace }).catch(() => {})
}
const keyShown = async () => atob((await until('it is shown', () => secret(SHOWN))).data!.key!)
const opens = async (service: TestService, key: string) =>
  (await apiOf(service, key)('GET', '/tenants/nobody')).status === 404
const untilOpen = (service: TestService, key: string) => until('it is known', () => opens(service, key), 45)

t.beforeEach(remove)
t.teardown(remove)

const start = (t: Test, settings: Record<string, string> = {}) => serve(t, cluster, { ...SETTINGS, ...settings })

t.test('replicas that start at once make one credential, and all know it', async (t) => {
  const replicas = await Promise.all([start(t), start(t), start(t)])
  const key = await keyShown()
  for (const replica of replicas) await untilOpen(replica, key)
  t.equal(await keyShown(), key, 'it stays as it was')
  const kept = JSON.stringify(await secret(KEPT))
  t.notOk(kept.includes(btoa(key).slice(0, -4)), 'what is kept does not hold it')
  for (const { log } of replicas)
    t.notOk(
      log.some((line) => line.includes(key)),
      'nor does a log',
    )
})

t.test('none is made anew when the one that was shown is deleted', async (t) => {
  const first = await start(t)
  const key = await keyShown()
  await untilOpen(first, key)
  await core.deleteNamespacedSecret({ name: SHOWN, namespace })
  await first.stop()
  const second = await start(t)
  await untilOpen(second, key)
  t.equal(await secret(SHOWN), undefined)
})

t.test('a replica that is cut off between the two Secrets is finished by the next', async (t) => {
  let isCut = true
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, ({ method, resource, body }) =>
    isCut && method === 'POST' && resource === 'secrets' && body.includes(KEPT)
      ? { status: 503, body: '{"kind":"Status","code":503,"reason":"ServiceUnavailable"}' }
      : undefined,
  )
  t.teardown(() => proxy.close())
  const first = await start(t, { KUBECONFIG: proxy.kubeconfig })
  const key = await keyShown()
  t.equal(await secret(KEPT), undefined)
  t.notOk(await opens(first, key), 'it is not in force before it is kept')
  const second = await start(t)
  await untilOpen(second, key)
  isCut = false
  await untilOpen(first, key)
  t.equal(await keyShown(), key)
})

t.test('a cluster that does not answer at the start gets its credential later', async (t) => {
  let isDown = true
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, () =>
    isDown ? { status: 503, body: '{"kind":"Status","code":503,"reason":"ServiceUnavailable"}' } : undefined,
  )
  t.teardown(() => proxy.close())
  const service = await start(t, { KUBECONFIG: proxy.kubeconfig })
  await until('it says so', async () => service.log.some((line) => line.includes('cannot be had')))
  t.equal(await secret(SHOWN), undefined)
  isDown = false
  await untilOpen(service, await keyShown())
})

t.test('it is revoked by emptying what is kept', async (t) => {
  const service = await start(t)
  const key = await keyShown()
  await untilOpen(service, key)
  const kept = (await secret(KEPT))!
  await core.replaceNamespacedSecret({
    name: KEPT,
    namespace,
    body: { ...kept, data: { 'keys.json': btoa('{"keys":[]}') } },
  })
  await until('it opens nothing', async () => !(await opens(service, key)), 45)
})
