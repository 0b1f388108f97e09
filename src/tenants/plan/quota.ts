import type { V1Pod, V1ResourceQuota } from '@kubernetes/client-node'
import type { Reason } from '../record/plan.ts'
import { type Amounts, amountsOf, formatAmount, sum } from './amounts.ts'
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
export function quotaObstacles(
  quotas: readonly V1ResourceQuota[],
  charges: readonly Charge[],
  usedOf: (quota: V1ResourceQuota) => Amounts = ({ status }) => amountsOf(status?.used),
): Reason[] {
  return quotas.flatMap((quota) => {
    const hard = amountsOf(quota.spec?.hard ?? quota.status?.hard)
    const used = usedOf(quota)
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

/**
 * What a quota will count once nothing is left but `others`. Its own figure still holds a pod that is ending, and for a while one
 * that has gone.
 */
export function usedBy(others: readonly Charged[], rows: Amounts) {
  return (quota: V1ResourceQuota): Amounts => {
    const used = amountsOf(quota.status?.used)
    const left = sum(...others.filter((other) => counts(quota, other)).map(({ usage }) => usage))
    const leftOf = (row: string) => (row in rows ? least(used[row]!, left[row] ?? 0n) : used[row]!)
    return Object.fromEntries(Object.keys(used).map((row) => [row, leftOf(row)]))
  }
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)

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
