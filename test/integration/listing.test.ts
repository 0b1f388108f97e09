/** Lists of tenants, as the watches know them. Other tenants may be in the cluster, so only those of each test are looked at. */
import t, { type Test } from 'tap'
import { until, untilState } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

const cluster = await testCluster()
const { api } = await serve(t, cluster)

const idsOf = ({ items }: { items: { userId: string }[] }) => items.map(({ userId }) => userId)

async function create(t: Test, prefix: string): Promise<string> {
  const userId = newUserId(t, cluster, prefix)
  const { status } = await api('POST', '/tenants', { userId, ramSize: '128Mi' })
  if (status !== 202) throw new Error(`a create was answered ${status}`)
  return userId
}

/** A list of all tenants with this query, once it holds these ids. */
async function listWith(query: string, ...userIds: string[]): Promise<string[]> {
  return until(`${userIds} are listed by ${query}`, async () => {
    const { status, body } = await api('GET', `/tenants?limit=500&${query}`)
    const ids = status === 200 ? idsOf(body) : []
    return userIds.every((id) => ids.includes(id)) && ids
  })
}

t.test('pages hold each tenant once, also while others are added', async (t) => {
  const numbers = [1, 2, 3, 4, 5, 6, 7]
  const ours = await Promise.all(numbers.map((number) => create(t, `page-${number}`)))
  await listWith('', ...ours)

  const seen: string[] = []
  let [added, cursor]: [string[], string | null] = [[], '']
  for (let pages = 0; cursor !== null; pages++) {
    if (pages > 100) throw new Error('the pages do not end')
    const { body } = await api('GET', `/tenants?limit=3${cursor && `&cursor=${cursor}`}`)
    t.ok(body.items.length === 3 || (body.nextCursor === null && body.items.length < 3), 'a page is full, or the last')
    seen.push(...idsOf(body))
    cursor = body.nextCursor
    if (added.length === 0 && seen.includes(ours[0]!)) {
      added = await Promise.all(['page-0', 'page-8'].map((prefix) => create(t, prefix)))
      await listWith('', ...added)
    }
  }
  t.same(seen, [...seen].sort(), 'all are in order')
  t.equal(new Set(seen).size, seen.length, 'none is there twice')
  const [before, after] = added
  t.same(
    seen.filter((id) => [...ours, ...added].includes(id)),
    [...ours, after],
    'what is added behind the cursor is seen, what is added before it is not',
  )
  t.ok((await listWith('', ...added)).includes(before!))
})

t.test('a larger limit than the greatest is no mistake, and no limit at all is', async (t) => {
  for (const limit of ['500', '501', '1000', '1000000']) {
    t.equal((await api('GET', `/tenants?limit=${limit}`)).status, 200, limit)
  }
  for (const limit of ['0', '-1', '1.5', 'all', '']) {
    const { status, body } = await api('GET', `/tenants?limit=${limit}`)
    t.match([status, body.code], [400, 'invalid-request'], limit)
    t.match(body.errors, [{ pointer: 'limit', message: /must/ }], limit)
  }
})

t.test('deleted tenants are listed when they are asked for, and each state by its name', async (t) => {
  const [kept, deleted] = (await Promise.all(['kept', 'deleted'].map((prefix) => create(t, prefix)))) as [
    string,
    string,
  ]
  await listWith('', kept, deleted)
  t.equal((await api('DELETE', `/tenants/${deleted}`)).status, 202)
  await untilState(api, deleted, 'deleted')
  const listed = await listWith('state=deleted', deleted)
  t.notOk(listed.includes(kept), 'of another state')

  t.notOk((await listWith('', kept)).includes(deleted), 'not by default')
  t.notOk((await listWith('includeDeleted=false', kept)).includes(deleted))
  await listWith('includeDeleted=true', kept, deleted)
  if (cluster.runsPods) await untilState(api, kept, 'active')
  const { state } = (await api('GET', `/tenants/${kept}`)).body
  t.notOk((await listWith(`state=${state}`, kept)).includes(deleted))
  for (const [query, pointer] of [
    ['state=gone', 'state'],
    ['includeDeleted=perhaps', 'includeDeleted'],
  ] as const) {
    const { status, body } = await api('GET', `/tenants?${query}`)
    t.match([status, body.errors[0]?.pointer], [400, pointer], query)
  }
})

t.test('a cursor that is none of this service is refused', async (t) => {
  for (const cursor of ['%20', 'A', Buffer.from('../x').toString('base64url'), 'x'.repeat(100)]) {
    const { status, body } = await api('GET', `/tenants?cursor=${cursor}`)
    t.match([status, body.code], [400, 'invalid-request'], cursor)
    t.match(body.errors, [{ pointer: 'cursor', message: /cursor/ }], cursor)
  }
})
