import type { ProvisionerClient } from './client.ts'
import type { paths, Tenant } from './generated/api.ts'
import { unwrap } from './problem.ts'

export type TenantQuery = Omit<NonNullable<paths['/tenants']['get']['parameters']['query']>, 'cursor'>

/** All tenants by user id, page after page as they are asked for. @throws ProblemError */
export async function* eachTenant(client: ProvisionerClient, query: TenantQuery = {}): AsyncGenerator<Tenant> {
  let cursor: string | null = ''
  while (cursor !== null) {
    const params: { query: TenantQuery & { cursor?: string } } = { query: cursor === '' ? query : { ...query, cursor } }
    const page: { items: Tenant[]; nextCursor: string | null } = await unwrap(client.GET('/tenants', { params }))
    yield* page.items
    cursor = page.nextCursor
  }
}
