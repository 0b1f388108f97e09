/** What follows from a tenant's RAM: its storage and CPU. No other file knows the table and the factor. */

import { formatBytes } from './quantity.ts'

const MiB = 2n ** 20n
const GiB = 2n ** 30n

/** RAM up to (bytes), CPU request and limit (millicores). The rows 512Mi, 1Gi and 8Gi are the original chart's own figures. */
const CPU_TABLE: readonly (readonly [bigint, number, number])[] = [
  [512n * MiB, 250, 1000],
  [1n * GiB, 500, 1000],
  [2n * GiB, 750, 1500],
  [4n * GiB, 1000, 2000],
  [8n * GiB, 2000, 4000],
]
const REQUEST_PER_GIB = 250
const LIMIT_PER_GIB = 500
const STORAGE_PER_RAM = 2n

/** CPU in millicores. */
export type Cpu = { request: number; limit: number }

/**
 * The CPU that goes with a RAM size: the table's next row up, beyond it so much per GiB, rounded up to a whole GiB.
 * @param requestPercent how much of the request is really asked of the scheduler (100 = all); lets an operator overcommit
 */
export function cpuFor(ram: bigint, requestPercent = 100): Cpu {
  const row = CPU_TABLE.find(([upTo]) => ram <= upTo)
  const gib = Number((ram + GiB - 1n) / GiB)
  const [request, limit] = row ? [row[1], row[2]] : [gib * REQUEST_PER_GIB, gib * LIMIT_PER_GIB]
  return { request: Math.max(1, Math.ceil((request * requestPercent) / 100)), limit }
}

/** The least storage (bytes) that RAM (bytes) needs. */
export function leastStorageFor(ram: bigint): bigint {
  return STORAGE_PER_RAM * ram
}

/** The storage (bytes) of a tenant: what its RAM needs, what was asked for, and what it already has; it never shrinks. */
export function storageFor(ram: bigint, asked = 0n, current = 0n): bigint {
  return [leastStorageFor(ram), asked, current].reduce((largest, size) => (size > largest ? size : largest))
}

/** Bounds (bytes, inclusive) that an operator sets on RAM. */
export type RamBounds = { min: bigint; max: bigint }

/** Why a RAM size is outside the bounds, as a sentence part that follows the value, or undefined if it is within. */
export function outsideBounds(ram: bigint, bounds: RamBounds): string | undefined {
  if (ram < bounds.min) return `must be at least ${formatBytes(bounds.min)}`
  if (ram > bounds.max) return `must be at most ${formatBytes(bounds.max)}`
  return undefined
}
