import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Changes } from '../../../../src/tenants/stream/changes.ts'
import { type StreamOptions, streamOf, type Told } from '../../../../src/tenants/stream/stream.ts'

/** Stands in for the watches and the index: tenants that have a version and nothing else. */
function world(...userIds: string[]) {
  const versions = new Map(userIds.map((userId) => [userId, 1]))
  let tell = (_namespace: string) => {}
  const changes = new Changes({
    on: (_event: string, listener: (namespace: string) => void) => (tell = listener),
  } as never)
  const tenants = {
    has: (userId: string) => versions.has(userId),
    states: (after: string) =>
      [...versions.keys()]
        .sort()
        .filter((userId) => userId > after)
        .map((userId) => [userId, 'active'])
        .values(),
  } as never
  return {
    versions,
    changes,
    set(userId: string, version: number | undefined) {
      if (version === undefined) versions.delete(userId)
      else versions.set(userId, version)
      tell(`fluxiondb-${userId}`)
    },
    stream: (options: Omit<StreamOptions, 'signal'> = {}, signal = new AbortController().signal) =>
      oneByOne(streamOf(tenants, changes, { ...options, signal })),
  }
}

async function* oneByOne(pieces: AsyncGenerator<Told[]>): AsyncGenerator<Told> {
  for await (const piece of pieces) yield* piece
}

/** So many of what is told; then the stream is left. */
async function take(stream: AsyncGenerator<Told>, count: number): Promise<Told[]> {
  const told: Told[] = []
  for await (const one of stream) if (told.push(one) === count) break
  return told
}

t.test('tells each tenant as it is, says that these were all, and goes on with what changes', async (t) => {
  const { set, stream } = world('b', 'a')
  const taken = take(stream(), 5)
  await sleep(20)
  set('b', 2)
  set('c', 1)
  t.strictSame(await taken, [
    { event: 'tenant', userId: 'a' },
    { event: 'tenant', userId: 'b' },
    { event: 'synced', position: 0 },
    { event: 'tenant', userId: 'b', position: 1 },
    { event: 'tenant', userId: 'c', position: 2 },
  ])
})

t.test('tells several changes in one moment once, and a tenant that is gone', async (t) => {
  const { set, stream } = world('a', 'b')
  const taken = take(stream({ position: 0 }), 2)
  await sleep(20)
  for (const version of [2, 3, 4]) set('a', version)
  set('b', undefined)
  t.strictSame(await taken, [
    { event: 'tenant', userId: 'a', position: 3 },
    { event: 'deleted', userId: 'b', position: 4 },
  ])
})

t.test('goes on where somebody left off, and begins anew where it cannot', async (t) => {
  const { set, stream } = world('a')
  set('a', 2)
  set('b', 1)
  set('a', 3)
  t.strictSame(await take(stream({ position: 1 }), 2), [
    { event: 'tenant', userId: 'b', position: 2 },
    { event: 'tenant', userId: 'a', position: 3 },
  ])
  const anew = [{ event: 'resync' }, { event: 'tenant', userId: 'a' }, { event: 'tenant', userId: 'b' }]
  t.strictSame(await take(stream({ isForeign: true }), 3), anew)
  t.strictSame(await take(stream({ position: 99 }), 3), anew, 'a position that does not exist yet')
})

t.test('forgets the oldest, and says so to whom that concerns', async (t) => {
  const { set, changes } = world()
  for (let number = 0; number < 20_001; number++) set(`t${number}`, 1)
  t.equal(changes.since(0), undefined)
  t.equal(changes.since(1)?.size, 20_000)
})

t.test('of one tenant tells of no other, and ends when it is gone', async (t) => {
  const { set, stream } = world('a', 'b')
  const taken = take(stream({ userId: 'a', endsWithIt: true }), 99)
  await sleep(20)
  set('b', 2)
  set('a', undefined)
  const events = (await taken).map(({ event }) => event)
  t.strictSame(events, ['tenant', 'synced', 'deleted'])
})

t.test('ends at once when it is told to', async (t) => {
  const { stream } = world()
  const leaving = new AbortController()
  const taken = take(stream({}, leaving.signal), 99)
  await sleep(20)
  leaving.abort()
  t.strictSame(
    (await taken).map(({ event }) => event),
    ['synced'],
  )
})

t.test(
  'cut a hundred times at any moment and resumed, misses no last state and goes back to no older one',
  async (t) => {
    const { versions, set, stream } = world('a', 'b', 'c', 'd')
    const seen = new Map<string, number>()
    let position: number | undefined
    let isOver = false
    const changing = (async () => {
      for (let change = 2; change < 900; change++) {
        const userId = 'abcd'[Math.floor(Math.random() * 4)]!
        set(userId, Math.random() < 0.05 ? undefined : change)
        if (change % 3 === 0) await sleep(Math.random() * 8)
      }
      isOver = true
    })()
    let cuts = 0
    const read = async (milliseconds: number) => {
      const cut = new AbortController()
      setTimeout(() => cut.abort(), milliseconds)
      for await (const told of stream(position === undefined ? {} : { position }, cut.signal)) {
        if (told.event === 'resync') t.fail('nothing was too old')
        if ('position' in told && told.position !== undefined) {
          t.ok(told.position >= (position ?? 0), 'none out of order')
          position = told.position
        }
        if (told.event === 'deleted') seen.delete(told.userId)
        if (told.event === 'tenant') {
          const version = versions.get(told.userId)!
          t.ok(version >= (seen.get(told.userId) ?? 0))
          seen.set(told.userId, version)
        }
      }
    }
    while (!isOver || cuts < 100) {
      await read(Math.random() * 30)
      cuts++
    }
    await changing
    await read(400)
    t.strictSame([...seen].sort(), [...versions].sort(), `after ${cuts} cuts`)
  },
)

t.test('leaves the event loop to others while hundreds are told of thousands at once', async (t) => {
  const { stream } = world(...Array.from({ length: 2000 }, (_, index) => `t${index}`))
  let turns = 0
  let isOver = false
  const others = (async () => {
    for (; !isOver; turns++) await sleep(1)
  })()
  const told = await Promise.all(Array.from({ length: 100 }, () => take(stream(), 2001)))
  isOver = true
  await others
  t.ok(told.every((events) => events.at(-1)?.event === 'synced'))
  t.ok(turns > 5, `others had ${turns} turns`)
})
