import { InvalidArgumentError } from 'commander'
import { USER_ID_MAX_LENGTH, USER_ID_PATTERN } from '../manifests/names.ts'
import { parseBytes, QuantityError } from '../sizing/quantity.ts'

/** What was asked for cannot be done as it stands; the message says how. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Reads an option that is the id of a tenant. @throws InvalidArgumentError */
export function userId(given: string): string {
  if (given.length <= USER_ID_MAX_LENGTH && new RegExp(USER_ID_PATTERN).test(given)) return given
  throw new InvalidArgumentError(`It must match ${USER_ID_PATTERN} and have at most ${USER_ID_MAX_LENGTH} characters.`)
}

/** Reads an option that is a size, into bytes. @throws InvalidArgumentError */
export function size(given: string): bigint {
  try {
    return parseBytes(given)
  } catch (error) {
    if (error instanceof QuantityError) throw new InvalidArgumentError(`It ${error.message}.`)
    throw error
  }
}
