import { setImmediate as turn } from 'node:timers/promises'
import type { TenantContext } from '../commands/context.ts'
import { type Drift, driftOf } from '../decide/drift.ts'

/** Longest time (ms) in one turn of the event loop. */
const TURN_MS = 10

/**
 * What is not as it shall be, of all tenants by user id, from the watches.
 * @param limit so many tenants that have drifted at most
 * @param after the last user id of the page before
 * @returns `next`: the last user id of this page, if there may be more
 */
export async function listDrift({ tenants, serviceIdentity }: TenantContext, limit: number, after: string | undefined) {
  const identity = await serviceIdentity()
  const items: Drift[] = []
  let drifted = 0
  let since = performance.now()
  // Tenants may come and go between two turns.
  for (const userId of [...tenants.states(after)].map(([id]) => id)) {
    const known = tenants.get(userId)
    const drift = known ? driftOf(known.spec, known.observed, identity) : []
    if (drift.length > 0 && drifted === limit) return { items, next: items.at(-1)?.userId }
    if (drift.length > 0) drifted++
    items.push(...drift)
    if (performance.now() - since < TURN_MS) continue
    await turn()
    since = performance.now()
  }
  return { items, next: undefined }
}
