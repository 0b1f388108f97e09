import { DATABASE_PORT } from '../../src/manifests/names.ts'
import { connect, type Database } from '../../tools/stand-in/client.ts'
import type { ResizedTenant } from './resized-tenant.ts'

const EVERY_MS = 5

/** A client of a database that inserts a record every 5 ms on one connection to the pod, and never opens another. */
export type InsertingClient = {
  database: Database
  /** When each acknowledgement came, in milliseconds. */
  acknowledged: readonly number[]
  /** When the connection closed, if it did. */
  closedAt: () => number | undefined
  /** Ends it. @returns how many inserts were never acknowledged */
  stop(): Promise<number>
}

export async function startInserting(tenant: Pick<ResizedTenant, 'pod' | 'key'>): Promise<InsertingClient> {
  const { status } = await tenant.pod()
  const url = `ws://${status!.podIP}:${DATABASE_PORT}`
  const database = await connect({ url, key: tenant.key, timeoutMs: 60_000 })
  const acknowledged: number[] = []
  const inserts: Promise<void>[] = []
  let unacknowledged = 0
  let closedAt: number | undefined
  const timer = setInterval(() => {
    const sentAt = Date.now()
    inserts.push(
      database.insert({ col: 'ticks', doc: 'tick', ts: sentAt, data: '' }).then(
        () => {
          acknowledged.push(performance.now())
        },
        () => {
          unacknowledged += 1
        },
      ),
    )
  }, EVERY_MS)
  database.onClose(() => {
    clearInterval(timer)
    closedAt ??= performance.now()
  })
  return {
    database,
    acknowledged,
    closedAt: () => closedAt,
    async stop() {
      clearInterval(timer)
      await Promise.all(inserts)
      if (closedAt === undefined) await database.close()
      return unacknowledged
    },
  }
}

/** The longest time between two acknowledgements that follow each other, in milliseconds, from a time on. */
export function longestGap(times: readonly number[], from = 0): number {
  const counted = times.filter((time) => time >= from)
  return Math.max(...counted.slice(1).map((time, index) => time - counted[index]!))
}
