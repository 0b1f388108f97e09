import type { V1Pod, V1ResourceQuota } from '@kubernetes/client-node'
import { type Amounts, amountsOf, formatAmount } from './amounts.ts'
import type { Reason } from './plan.ts'
import { type Scope, scopesOf } from './quota-scopes.ts'
import { rowsWithout } from './quota-usage.ts'

/** An object as quotas see it: how much of their rows it uses, and which scopes it is in. */
export type Charged = { usage: Amounts; isIn: (scope: Scope) => boolean }

/**
 * A change of an object. `replaced`: the one before is gone before the one after comes. Of one that stays only what it uses more is
 * charged.
 */
export type Charge = { before: Charged | undefined; after: Charged; replaced: boolean }

/**
 * What the quotas of a namespace refuse, as Kubernetes' admission would: row by row, with all that is in use beside it. A row that
 * has been changed counts as it is written, though its controller may not have seen it yet; one whose use is not known yet
 * refuses nothing here.
 */
export function quotaObstacles(quotas: readonly V1ResourceQuota[], charges: readonly Charge[]): Reason[] {
  return quotas.flatMap((quota) => {
    const hard = amountsOf(quota.spec?.hard ?? quota.status?.hard)
    const used = amountsOf(quota.status?.used)
    return charges.flatMap(({ before, after, replaced }) => {
      if (!counts(quota, after)) return []
      const freed = before && counts(quota, before) ? before.usage : {}
      return Object.keys(after.usage).flatMap((row) => {
        if (hard[row] === undefined || used[row] === undefined) return []
        const more = after.usage[row]! - (freed[row] ?? 0n)
        const isCharged = replaced ? after.usage[row]! > 0n : more > 0n
        if (!isCharged || used[row] + more <= hard[row]) return []
        const amounts = [hard[row], used[row] + more].map((amount) => formatAmount(row, amount))
        const message = `the quota ${quota.metadata?.name} allows ${row} of ${amounts[0]} in all, and this would make it ${amounts[1]}`
        return [{ code: 'QuotaExceeded', message }]
      })
    })
  })
}

/** A quota of CPU or memory refuses a pod with a container that does not say how much it takes, even if it is only resized. */
export function unspecifiedObstacles(quotas: readonly V1ResourceQuota[], pod: V1Pod, charged: Charged): Reason[] {
  const { containers, initContainers = [], resources } = pod.spec!
  if (resources !== undefined) return []
  return quotas
    .filter((quota) => counts(quota, charged))
    .flatMap(({ metadata, spec }) =>
      [...containers, ...initContainers].flatMap((container) =>
        rowsWithout(container.resources)
          .filter((row) => spec?.hard?.[row] !== undefined)
          .map((row) => ({
            code: 'QuotaExceeded',
            message: `the quota ${metadata?.name} limits ${row}, and the container ${container.name} does not say how much it takes`,
          })),
      ),
    )
}

function counts(quota: V1ResourceQuota, { isIn }: Charged): boolean {
  return scopesOf(quota).every(isIn)
}
