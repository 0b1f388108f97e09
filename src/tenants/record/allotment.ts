import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'

/**
 * What a tenant is given from a moment on: RAM while it is meant to run, storage until it is purged. Quantities as `formatBytes` writes
 * them, or `0`; the time as RFC 3339 in UTC.
 */
export const AllotmentSchema = Type.Object({ from: Type.String(), ram: Type.String(), storage: Type.String() })
export type Allotment = Static<typeof AllotmentSchema>
const CHECKER = TypeCompiler.Compile(AllotmentSchema)

/** What a record says of the sizes and the state that a tenant shall have. */
type Recorded = {
  desired: { ramSize: string; storageSize: string }
  suspended: boolean
  deletedAt: string | null
  purgeRequestedAt: string | null
}

export function allotmentOf({ desired, suspended, deletedAt, purgeRequestedAt }: Recorded, from: string): Allotment {
  const isRunning = !suspended && deletedAt === null && purgeRequestedAt === null
  return {
    from,
    ram: isRunning ? desired.ramSize : '0',
    storage: purgeRequestedAt === null ? desired.storageSize : '0',
  }
}

/**
 * A time behind that of the last allotment, be it by a millisecond: clocks of replicas differ, and what was recorded later counts. No two
 * allotments of a tenant are of one time, so their order is that of their times.
 */
export function after(last: Allotment | undefined, time: string): string {
  const [least, wanted] = [last ? Date.parse(last.from) + 1 : 0, Date.parse(time)]
  return wanted >= least ? time : new Date(least).toISOString()
}

/** The newest that are kept: at one a day, five years. */
const KEPT_MOST = 2000

/**
 * The allotments of a tenant, oldest first, with those that these operations have brought. One that changes nothing is left out.
 * @param operations oldest first; what is known of them already is not taken twice
 */
export function withAllotments(
  known: readonly Allotment[],
  operations: readonly { allotted?: readonly Allotment[] | undefined }[],
): Allotment[] {
  const all = [...known]
  for (const one of operations.flatMap(({ allotted = [] }) => allotted)) {
    if (!all.some((other) => other.from === one.from && isSame(other, one))) all.push(one)
  }
  all.sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
  return all.filter((one, index) => index === 0 || !isSame(all[index - 1]!, one)).slice(-KEPT_MOST)
}

const isSame = (a: Allotment, b: Allotment) => a.ram === b.ram && a.storage === b.storage

/** Reads what was written as JSON; what is no allotment, as only a hand could leave it, is left out. */
export function parseAllotments(text = '[]'): Allotment[] {
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) ? found.filter((one) => CHECKER.Check(one)) : []
  } catch {
    return []
  }
}
