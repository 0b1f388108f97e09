import { formatBytes, formatMillicores, parseQuantity } from '../../sizing/quantity.ts'

/** How much of each resource, by its name, in billionths as `parseQuantity` reads it. */
export type Amounts = Readonly<Record<string, bigint>>

/** One whole thing, such as a pod. */
export const ONE = 10n ** 9n

/** A resource list of Kubernetes. What is no quantity counts as none. */
export function amountsOf(list: Readonly<Record<string, string>> = {}): Amounts {
  return Object.fromEntries(Object.entries(list).map(([name, quantity]) => [name, parseQuantity(quantity) ?? 0n]))
}

export function sum(...lists: readonly Amounts[]): Amounts {
  return combine(lists, (a, b) => a + b)
}

/** Of each resource the largest amount that any of the lists names. */
export function greatest(...lists: readonly Amounts[]): Amounts {
  return combine(lists, (a, b) => (a > b ? a : b))
}

/** What is left of each resource of `from`. */
export function minus(from: Amounts, taken: Amounts): Amounts {
  return Object.fromEntries(Object.entries(from).map(([name, amount]) => [name, amount - (taken[name] ?? 0n)]))
}

export function pick(amounts: Amounts, names: readonly string[]): Amounts {
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => names.includes(name)))
}

/** The resources of which `has` holds less than is wanted. Nothing lacks what is not asked for. */
export function lacking(wanted: Amounts, has: Amounts): string[] {
  return Object.keys(wanted).filter((name) => wanted[name]! > 0n && wanted[name]! > (has[name] ?? 0n))
}

/** An amount as people write it: `750m` of CPU, `2Gi` of memory or storage, else a number. */
export function formatAmount(name: string, amount: bigint): string {
  if (name.endsWith('cpu')) return formatMillicores(Number(amount / 10n ** 6n))
  return /memory|storage|hugepages/.test(name) ? formatBytes(amount / ONE) : String(amount / ONE)
}

function combine(lists: readonly Amounts[], by: (a: bigint, b: bigint) => bigint): Amounts {
  const combined: Record<string, bigint> = {}
  for (const [name, amount] of lists.flatMap((list) => Object.entries(list))) {
    const before = combined[name]
    combined[name] = before === undefined ? amount : by(before, amount)
  }
  return combined
}
