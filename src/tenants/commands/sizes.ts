import { problem } from '../../errors.ts'
import { outsideBounds } from '../../sizing/policy.ts'
import { formatBytes, parseBytes, QuantityError } from '../../sizing/quantity.ts'
import type { Caller, TenantContext } from './context.ts'

/**
 * The RAM that a request names, in bytes.
 * @throws problem `invalid-request` for no size or one outside the bounds, `ram-above-credential` for more than the caller may
 */
export function ramOf(ramSize: string, { defaults }: TenantContext, caller: Caller): bigint {
  const ram = readSize(ramSize)
  const outside = outsideBounds(ram, defaults.ramBounds)
  if (outside) throw invalidSize(ramSize, outside)
  if (caller.maxRam !== undefined && ram > caller.maxRam) {
    throw problem('ram-above-credential', `This credential allows at most ${formatBytes(caller.maxRam)}.`)
  }
  return ram
}

function readSize(ramSize: string): bigint {
  try {
    return parseBytes(ramSize)
  } catch (error) {
    if (error instanceof QuantityError) throw invalidSize(ramSize, error.message)
    throw error
  }
}

function invalidSize(value: string, rule: string) {
  const message = `${JSON.stringify(value)} ${rule}`
  return problem('invalid-request', `ramSize: ${message}.`, { errors: [{ pointer: '/ramSize', message }] })
}
