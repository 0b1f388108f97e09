import createFetchClient, { type Client } from 'openapi-fetch'
import type { paths } from './generated/api.ts'

export type { Client } from 'openapi-fetch'
export type * from './generated/api.ts'

/** A client of the service at `address` that shows this credential. Answers are `{ data }` or `{ error }`, both typed. */
export function createClient(
  address: string,
  credential: string,
  options: { fetch?: typeof fetch } = {},
): Client<paths> {
  return createFetchClient<paths>({ baseUrl: address, headers: { authorization: `Bearer ${credential}` }, ...options })
}
