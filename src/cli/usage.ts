import { USER_ID_MAX_LENGTH, USER_ID_PATTERN } from '../manifests/names.ts'

/** The command line was used wrongly, or cannot be done as it stands; the message says how. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** @throws UsageError if it is no id of a tenant */
export function requiredUser(user: string | undefined): string {
  if (user === undefined) throw new UsageError('--user is missing')
  if (user.length <= USER_ID_MAX_LENGTH && new RegExp(USER_ID_PATTERN).test(user)) return user
  throw new UsageError(
    `--user ${JSON.stringify(user)} must match ${USER_ID_PATTERN} and have at most ${USER_ID_MAX_LENGTH} characters`,
  )
}
