import { connect, type Database } from '../../tools/stand-in/client.ts'
import type { ResizedTenant } from './resized-tenant.ts'

/** Opens a tenant's database at the address of its pod. @throws ConnectError, with status 401 for a wrong key */
export async function withDatabase<T>(
  tenant: Pick<ResizedTenant, 'pod'>,
  key: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { status } = await tenant.pod()
  const database = await connect({ url: `ws://${status!.podIP}:8080`, key })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** The documents of the collection `test`, sorted. */
export function documentsOf(tenant: Pick<ResizedTenant, 'pod'>, key: string): Promise<string[]> {
  return withDatabase(tenant, key, async (database) => Object.keys(await database.query({ col: 'test' })).sort())
}
