/** `kill -9` after every write of a change: whoever runs next completes it, without a restart and without leaving a pause. */
import t, { type Test } from 'tap'
import { newCredential } from '../../../src/credentials/credential.ts'
import { apiOf } from '../../helpers/api.ts'
import { testCluster, withoutResize } from '../../helpers/cluster.ts'
import { type CuttingProxy, startCuttingProxy, type Write } from '../../helpers/cutting-proxy.ts'
import { createTenant, type ResizedTenant, serveResizes, tenantAt } from '../../helpers/resized-tenant.ts'

/** The writes of a change in place, but for those of its history, in their order: one service is killed after each. */
const SEQUENCE = [
  'PATCH namespaces',
  'PATCH persistentvolumeclaims',
  'PATCH pods/resize',
  'PATCH deployments',
  'PATCH replicasets',
  'PATCH deployments',
  'PATCH namespaces',
]

const cluster = await testCluster()
const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })
const credentials = [entry]

t.test(
  'a change in place that is killed after any of its writes is completed',
  { skip: withoutResize(cluster) },
  async (t) => {
    const maker = await serveResizes(t, cluster)
    const prefixes = [...SEQUENCE.keys(), SEQUENCE.length].map((index) => `cut-${index}`)
    const tenants = await Promise.all(prefixes.map((prefix) => createTenant(t, cluster, maker.api, prefix, '512Mi')))
    await maker.stop()
    const killed = await Promise.all(tenants.map((tenant, index) => killAfter(t, tenant, index + 1)))
    t.strictSame(
      killed.map(({ write }) => write && nameOf(write)),
      [...SEQUENCE, undefined],
      'after each in turn',
    )

    const { api } = await serveResizes(t, cluster)
    for (const { userId, write, before, end } of killed) {
      const tenant = tenantAt(cluster, api, userId)
      const operation = await tenant.ended((await tenant.get()).operation.id)
      const when = write ? `killed after write ${write.number}, ${nameOf(write)}` : 'not killed'
      t.match(operation, { type: 'resize', state: 'succeeded', outcome: { asPlanned: true } }, `${when}: completed`)
      t.equal(await end(operation), 'none', `${when}: no restart`)
      t.strictSame(await tenant.runs(), before, `${when}: the same pod and container`)
      t.strictSame(await tenant.whatIsWrong(), [], `${when}: nothing is left half done`)
    }
  },
)

/** Cuts a change after this write. @returns the write; undefined: the change had ended before it came there */
async function killAfter(t: Test, { userId, namespace }: ResizedTenant, number: number) {
  let ours = 0
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, (write: Write) => {
    // The finisher would go on with what the others of this test left.
    if (!`${write.path}/`.includes(`/${namespace}/`)) return isQuestion(write) ? undefined : 'hold'
    return SEQUENCE.includes(nameOf(write)) && ++ours === number ? 'cut' : undefined
  })
  t.teardown(() => proxy.close())
  const service = await serveResizes(t, cluster, { KUBECONFIG: proxy.kubeconfig }, { credentials })
  proxy.kill = () => service.process.kill('SIGKILL')
  const tenant = tenantAt(cluster, apiOf(service, key), userId)

  const before = await tenant.runs()
  const end = await tenant.begin(`1Gi, killed after write ${number}`, await tenant.plan({ ramSize: '1Gi' }))
  const write = await Promise.race([proxy.cut, untilEnded(tenant, proxy)])
  await service.stop('SIGKILL')
  return { userId, write, before, end }
}

/** Sends the change and waits for its end, or for that of the service. */
async function untilEnded(tenant: ResizedTenant, { cut }: CuttingProxy): Promise<Write | undefined> {
  try {
    const { body } = await tenant.send({ ramSize: '1Gi' })
    await tenant.ended(body.operation.id)
    return undefined
  } catch {
    return cut // Nobody answers any more. If it was not cut, the test does not end.
  }
}

const nameOf = ({ method, resource }: Write) => `${method} ${resource}`

/** What one may do is asked by a POST that writes nothing. */
const isQuestion = ({ path }: Write) => path.startsWith('/apis/authorization.k8s.io/')
