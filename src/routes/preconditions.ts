import { Type } from '@sinclair/typebox'
import { problem } from '../errors.ts'
import type { Conditions, Tags } from '../tenants/record/etag.ts'

/** The headers that make a request depend on what is there. */
export const ConditionHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'Only if the tenant has one of these ETags; `*`: if there is one.' }),
  ),
  'if-none-match': Type.Optional(
    Type.String({ description: 'Only if the tenant has none of these ETags; `*`: if there is none.' }),
  ),
})

/** An entity tag by RFC 9110, 8.8.3. */
const TAG = '(?:W/)?"[!#-~\\x80-\\xff]*"'
const EACH = new RegExp(TAG, 'g')
/** A list may have empty elements (5.6.1). */
const LIST = new RegExp(`^[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*$`)

type Headers = { 'if-match'?: string | undefined; 'if-none-match'?: string | undefined }

/** @throws problem `invalid-request` for a header that is neither `*` nor a list of tags */
export function conditionsOf(headers: Headers): Conditions {
  const ifMatch = tagsIn('if-match', headers)
  const ifNoneMatch = tagsIn('if-none-match', headers)
  return { ...(ifMatch && { ifMatch }), ...(ifNoneMatch && { ifNoneMatch }) }
}

function tagsIn(name: keyof Headers, headers: Headers): Tags | undefined {
  const value = headers[name]?.trim()
  if (value === undefined || value === '*') return value
  if (LIST.test(value)) return value.match(EACH)!
  const message = 'must be * or a list of ETags, each in its double quotes'
  throw problem('invalid-request', `${name} ${message}.`, { errors: [{ pointer: name, message }] })
}
