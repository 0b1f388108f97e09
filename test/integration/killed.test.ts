/** `kill -9` at every write of a create: whoever runs next makes exactly one complete tenant of what was promised. */
import t, { type Test } from 'tap'
import { committedBy } from '../../src/tenants/record/ownership.ts'
import { type Answer, type Api, until } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import type { Write } from '../helpers/cutting-proxy.ts'
import { mortalServices } from '../helpers/mortal-service.ts'
import { keyIn, newUserId, recordOf, secretsOf, untilComplete, whatIsIncomplete } from '../helpers/tenant-objects.ts'

/** A create has fewer writes: a loop over them that gets here does not end. */
const TOO_MANY = 60
/** So many services are run, and killed, at once. */
const AT_ONCE = 6

const cluster = await testCluster()
const { mortalService, nextService } = mortalServices(cluster)

const afterPostOf = (resource: string) => (write: Write) =>
  write.method === 'POST' && write.resource === resource ? 'cut' : undefined

t.test('a create that was killed after the Namespace is completed by the same request again', async (t) => {
  const body = { userId: newUserId(t, cluster, 'cut-namespace'), ramSize: '128Mi' }
  const { api, proxy } = await mortalService(t, afterPostOf('namespaces'))
  await t.rejects(api('POST', '/tenants', body), 'the caller gets no answer')
  await proxy.cut
  t.equal((await secretsOf(cluster, body.userId)).length, 0, 'there is no tenant yet')

  const again = await (await nextService(t))('POST', '/tenants', body)
  t.equal(again.status, 202)
  await untilComplete(cluster, body.userId)
  const [secret] = await secretsOf(cluster, body.userId)
  t.equal(committedBy(secret?.metadata?.annotations)?.id, again.body.operation.id, 'it is what the second request made')
  t.equal((await recordOf(cluster, body.userId)).operation.id, again.body.operation.id)
})

t.test('a create that was killed after the Secret is a tenant, whose key the same request again is told', async (t) => {
  const body = { userId: newUserId(t, cluster, 'cut-secret'), ramSize: '128Mi' }
  const headers = { 'idempotency-key': body.userId }
  const { api, proxy } = await mortalService(t, afterPostOf('secrets'))
  await t.rejects(api('POST', '/tenants', body, headers), 'the caller gets no answer')
  await proxy.cut

  const next = await nextService(t)
  await untilComplete(cluster, body.userId)
  const other = await next('POST', '/tenants', body)
  t.match([other.status, other.body.code], [409, 'tenant-exists'], 'any other create comes too late')
  const again = await next('POST', '/tenants', body, headers)
  t.equal(again.status, 201, 'the same one is answered, with what has become of it')
  t.equal(again.body.apiKey, keyIn(await secretsOf(cluster, body.userId)))
})

t.test('a create that was killed right after its 202 becomes a tenant without another request', async (t) => {
  const body = { userId: newUserId(t, cluster, 'cut-answered'), ramSize: '128Mi' }
  const { api, service } = await mortalService(t, ({ resource }) =>
    resource === 'namespaces' || resource === 'secrets' ? undefined : 'hold',
  )
  const answer = await api('POST', '/tenants', body)
  await service.stop('SIGKILL')
  t.equal(answer.status, 202)
  t.ok((await whatIsIncomplete(cluster, body.userId)).length > 3, 'nothing but the promise had been made')

  await nextService(t)
  await untilComplete(cluster, body.userId)
  t.equal((await recordOf(cluster, body.userId)).operation.id, answer.body.operation.id)
})

t.test('a create that is killed after any of its writes ends in one complete tenant', async (t) => {
  const creates: Awaited<ReturnType<typeof cutAfter>>[] = []
  while (creates.every(({ write }) => write)) {
    if (creates.length > TOO_MANY) throw new Error('a create that is not cut does not end')
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => creates.length + index + 1)
    creates.push(...(await Promise.all(numbers.map((number) => cutAfter(t, number)))))
  }

  // Two, whose resyncs look at the same tenants at the same time: what they do must be safe to do twice.
  const [api] = (await Promise.all([nextService(t), nextService(t)])) as [Api, Api]
  for (const { body } of creates) {
    // Without its Secret nothing was promised: the caller, who has no answer, asks again.
    const isPromised = (await secretsOf(cluster, body.userId)).length > 0
    if (!isPromised) t.equal((await api('POST', '/tenants', body)).status, 202)
  }
  for (const [index, { body, write }] of creates.entries()) {
    await untilComplete(cluster, body.userId)
    t.pass(
      write ? `killed after write ${index + 1}, ${write.method} ${write.resource}: complete` : 'not killed: complete',
    )
  }
})

/** Cuts a create after this write. @returns the write; undefined: the create was over before it came there */
async function cutAfter(t: Test, number: number) {
  const body = { userId: newUserId(t, cluster, `cut-${number}`), ramSize: '128Mi' }
  let ours = 0
  const { api, proxy, service } = await mortalService(t, (write) => {
    // The resync would go on with what the others of this test left.
    if (!`${write.path}${write.body}`.includes(body.userId)) return 'hold'
    return ++ours === number ? 'cut' : undefined
  })
  let write: Write | undefined
  const cut = proxy.cut.then((at) => {
    write = at
  })
  const answered = await isAnswered(api('POST', '/tenants', body))
  if (answered) await until('the create is cut or over', async () => write ?? isOver(body.userId))
  else await cut
  await service.stop('SIGKILL')
  return { body, write }
}

async function isOver(userId: string): Promise<boolean> {
  if (!cluster.runsPods) return (await whatIsIncomplete(cluster, userId)).length === 0
  return (await recordOf(cluster, userId)).operation.state !== 'running'
}

/** Whether a request was answered; not if the service was killed before. */
async function isAnswered(request: Promise<Answer>): Promise<boolean> {
  const [{ status }] = await Promise.allSettled([request])
  return status === 'fulfilled'
}
