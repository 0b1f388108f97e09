import createFetchClient, { type Client } from 'openapi-fetch'
import { carefulFetch, type Patience } from './careful-fetch.ts'
import type { paths } from './generated/api.ts'

export type ProvisionerClient = Client<paths>
export type ClientOptions = Pick<Patience, 'patienceSeconds'> & { fetch?: typeof fetch }

/**
 * A client of the service at `address` that shows this credential. Answers are `{ data }` or `{ error }`, both typed; `unwrap` makes an
 * exception of the latter. Writes have an `Idempotency-Key`, and what cannot be done now is tried again (see `carefulFetch`).
 */
export function createClient(
  address: string,
  credential: string,
  { fetch: send = fetch, patienceSeconds = 60 }: ClientOptions = {},
): ProvisionerClient {
  return createFetchClient<paths>({
    baseUrl: address,
    headers: { authorization: `Bearer ${credential}` },
    fetch: carefulFetch((request) => send(request), { patienceSeconds }),
  })
}
