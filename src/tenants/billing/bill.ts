import { parseBytes } from '../../sizing/quantity.ts'
import type { Allotment } from '../record/allotment.ts'

/** What a tenant was given in a span of time, exactly: bytes times milliseconds. */
export type Bill = { ramByteMs: bigint; storageByteMs: bigint; runningMs: number }

/**
 * Adds up what a tenant was given. Each allotment holds until the next one.
 * @param allotments oldest first
 * @param from first millisecond of the span, of the clock
 * @param to the one after its last
 */
export function billFor(allotments: readonly Allotment[], from: number, to: number): Bill {
  const bill: Bill = { ramByteMs: 0n, storageByteMs: 0n, runningMs: 0 }
  for (const [index, { from: begins, ram, storage }] of allotments.entries()) {
    const next = allotments[index + 1]
    const end = Math.min(to, next ? Date.parse(next.from) : to)
    const ms = Math.max(0, end - Math.max(from, Date.parse(begins)))
    bill.ramByteMs += bytes(ram) * BigInt(ms)
    bill.storageByteMs += bytes(storage) * BigInt(ms)
    if (ram !== '0') bill.runningMs += ms
  }
  return bill
}

const GIB = 2 ** 30
const HOUR_MS = 3_600_000

/** Rounded to a millionth, as people are shown it. */
export const gibHours = (byteMs: bigint) => rounded(Number(byteMs) / GIB / HOUR_MS)
export const hours = (ms: number) => rounded(ms / HOUR_MS)

const rounded = (value: number) => Math.round(value * 1e6) / 1e6
const bytes = (quantity: string) => (quantity === '0' ? 0n : parseBytes(quantity))
