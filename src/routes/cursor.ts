import { problem } from '../errors.ts'
import { USER_ID_MAX_LENGTH, USER_ID_PATTERN } from '../manifests/names.ts'

const USER_ID = new RegExp(USER_ID_PATTERN)

/** The cursor of the page after this user id. Callers pass it on and do not read it. */
export function cursorOf(userId: string): string {
  return Buffer.from(userId).toString('base64url')
}

/** @throws problem `invalid-request` if it is no cursor of ours */
export function userIdOfCursor(cursor: string): string {
  const userId = Buffer.from(cursor, 'base64url').toString()
  if (userId.length > USER_ID_MAX_LENGTH || !USER_ID.test(userId)) {
    const message = 'is not a cursor that this service has given'
    throw problem('invalid-request', `cursor ${message}.`, { errors: [{ pointer: 'cursor', message }] })
  }
  return userId
}
