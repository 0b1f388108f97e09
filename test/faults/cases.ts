import { CALL_FAULTS, WATCH_FAULTS } from '../helpers/faulty-proxy.ts'
import { WHOLE } from '../helpers/whole.ts'
import { OPERATION_NAMES, type OperationName } from './operations.ts'
import { EVENTS } from './parts.ts'

/** One fault, at one call of one operation; `point`: 0 where it is no matter of one call. */
export type Case = { operation: OperationName; fault: string; point: number }

/** Tenants at one time, whose service is killed for all of them together. */
export const AT_ONCE = WHOLE ? 40 : 24
/** So many batches in `npm test`. */
const BATCHES = 1
/** Only these of all, as `FAULTS='resize in place: .* PATCH'`: operation, fault, the number of the call and the call. */
const ONLY = new RegExp(process.env.FAULTS ?? '')

/** Every call of every operation with every fault; or in turn some of them, of each operation and fault. */
export function casesOf(callsOf: (operation: OperationName) => readonly string[]): Case[] {
  if (WHOLE) return wholeOf(callsOf)
  return Array.from({ length: AT_ONCE * BATCHES }, (_, index) => {
    const operation = OPERATION_NAMES[index % OPERATION_NAMES.length]!
    const point = ((index * 5) % callsOf(operation).length) + 1
    return { operation, fault: CALL_FAULTS[index % CALL_FAULTS.length]!, point }
  })
}

function wholeOf(callsOf: (operation: OperationName) => readonly string[]): Case[] {
  const ofCalls = OPERATION_NAMES.flatMap((operation) =>
    callsOf(operation).flatMap((call, index) =>
      CALL_FAULTS.map((fault) => ({ operation, fault, point: index + 1, call })),
    ),
  )
  const shared = [...WATCH_FAULTS.map((fault) => `watch ${fault}`), ...EVENTS]
  const ofAll = shared.flatMap((fault) =>
    OPERATION_NAMES.map((operation) => ({ operation, fault, point: 0, call: '' })),
  )
  return [...ofCalls, ...ofAll].filter(({ operation, fault, point, call }) =>
    ONLY.test(`${operation}: ${fault} at ${point} ${call}`),
  )
}

/** A fault that is no matter of one call is that of all tenants of its batch. */
export function batchesOf(cases: readonly Case[]): Case[][] {
  const batches: Case[][] = []
  const kindOf = ({ fault, point }: Case) => (point === 0 ? fault : 'call')
  for (const one of cases) {
    const last = batches.at(-1)
    if (last && last.length < AT_ONCE && kindOf(last[0]!) === kindOf(one)) last.push(one)
    else batches.push([one])
  }
  return batches
}
