import type { TenantIndex } from '../observe/tenant-index.ts'
import { type Allotment, withAllotments } from '../record/allotment.ts'
import type { OperationLog } from '../record/operation-log.ts'
import { allotmentsWith } from './allotted.ts'
import type { UsageArchive } from './archive.ts'
import { type Bill, billFor } from './bill.ts'

export type AccountDeps = { tenants: TenantIndex; operations: OperationLog; archive: UsageArchive }

/** A span of time, in milliseconds of the clock: `to` is not in it any more. */
export type Span = { from: number; to: number }

/** What a tenant, and those of its id that were purged before it, were given. */
export type Account = Bill & {
  userId: string
  /** From when on it is known what it was given. */
  since: string
  /** Whether there is no tenant of this id any more. */
  isPurged: boolean
}

/**
 * The accounts of all tenants, there or purged, by user id.
 * @param only of this tenant
 * @param after only those behind this user id
 * @throws KubernetesError
 */
export async function* accounts(
  context: AccountDeps,
  span: Span,
  { only, after = '' }: { only?: string | undefined; after?: string | undefined } = {},
): AsyncGenerator<Account> {
  const { tenants, archive } = context
  // In this order: who is purged meanwhile is in one of them.
  const live = [...tenants.states(after)].map(([userId]) => userId)
  const archived = await archive.all(only)
  const ids = new Set([...live, ...archived.keys()])
  const wanted = [...ids].filter((id) => id > after && (only === undefined || id === only)).sort()
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const part = wanted.slice(at, at + AT_ONCE)
    const some = await Promise.all(part.map((userId) => accountOf(context, userId, archived.get(userId) ?? [], span)))
    yield* some.filter((one) => one !== undefined)
  }
}

/** Read at once. */
const AT_ONCE = 16

/** Undefined: it was given nothing in this span. */
async function accountOf(
  { tenants, operations, archive }: AccountDeps,
  userId: string,
  archived: readonly Allotment[],
  { from, to }: Span,
): Promise<Account | undefined> {
  const spec = tenants.specOf(userId)
  // It has gone, or goes, while others are read: what it was given is in the archive first.
  const isGoing = spec ? spec.purgeRequestedAt !== null : archived.length === 0
  const purged = isGoing ? ((await archive.all(userId)).get(userId) ?? []) : archived
  const kept = spec ? withAllotments(purged, [{ allotted: await operations.allotments(userId) }]) : purged
  const allotments = spec ? allotmentsWith(kept, spec) : kept
  const bill = billFor(allotments, from, to)
  if (bill.ramByteMs === 0n && bill.storageByteMs === 0n) return undefined
  return { ...bill, userId, since: allotments[0]!.from, isPurged: spec === undefined }
}
