import type { Contender, Keeper } from './contenders.ts'
import type { Taken } from './rows.ts'
import type { Seen } from './seen.ts'

type Accepted = Required<Taken>

export async function createOne(contender: Contender, id: string, applied: Seen): Promise<Accepted> {
  const seen = contender.isOnlyPromised ? undefined : applied.in(contender.namespaceOf(id))
  return timed(() => contender.create(id), seen)
}

/** @returns once nothing is left of it */
export async function purgeOne(contender: Keeper, id: string, gone: Seen): Promise<Accepted> {
  return timed(() => contender.purge(id), gone.in(contender.namespaceOf(id)))
}

async function timed(change: () => Promise<void>, seen: Promise<void> | undefined): Promise<Accepted> {
  const startedAt = performance.now()
  await change()
  const accepted = performance.now() - startedAt
  await seen
  return { accepted, done: performance.now() - startedAt }
}
