import type { Test } from 'tap'
import { newCredential } from '../../src/credentials/credential.ts'
import { type Answer, apiOf } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { type CuttingProxy, startCuttingProxy, type Write } from './cutting-proxy.ts'
import { type ResizedTenant, serveResizes, tenantAt } from './resized-tenant.ts'

export const nameOf = ({ method, resource }: Write) => `${method} ${resource}`

const { key, entry } = newCredential({ name: 'test', scopes: ['admin'] })

/**
 * Has a service make a change of one tenant and kills it after a write.
 * @param counted the writes that count, by method and resource
 * @param number of the write among these
 * @returns the write; undefined: the change had ended before it came there
 */
export async function killAfter(
  t: Test,
  cluster: TestCluster,
  { userId, namespace }: Pick<ResizedTenant, 'userId' | 'namespace'>,
  { counted, number }: { counted: readonly string[]; number: number },
  send: (tenant: ResizedTenant) => Promise<Answer>,
): Promise<Write | undefined> {
  let ours = 0
  const proxy = await startCuttingProxy(cluster.serviceKubeconfig, (write: Write) => {
    // The resync would go on with what the others of this test left.
    if (!`${write.path}/`.includes(`/${namespace}/`)) return 'hold'
    return counted.includes(nameOf(write)) && ++ours === number ? 'cut' : undefined
  })
  t.teardown(() => proxy.close())
  const settings = { KUBECONFIG: proxy.kubeconfig }
  const service = await serveResizes(t, cluster, settings, { credentials: [entry] })
  proxy.kill = () => service.process.kill('SIGKILL')
  const tenant = tenantAt(cluster, apiOf(service, key), userId)
  const write = await Promise.race([proxy.cut, untilEnded(tenant, send, proxy)])
  await service.stop('SIGKILL')
  return write
}

/** Sends the change and waits for its end, or for that of the service. */
async function untilEnded(
  tenant: ResizedTenant,
  send: (tenant: ResizedTenant) => Promise<Answer>,
  { cut }: CuttingProxy,
): Promise<Write | undefined> {
  try {
    const { body } = await send(tenant)
    await tenant.ended(body.operation.id)
    return undefined
  } catch {
    return cut // Nobody answers any more. If it was not cut, the test does not end.
  }
}
