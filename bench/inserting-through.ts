import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from '../src/tenants/observe/observed.ts'
import type { ResizedTenant } from '../test/helpers/resized-tenant.ts'
import { ConnectError, connect, type Database } from '../tools/stand-in/client.ts'

const EVERY_MS = 5
const RECONNECT_MS = 50

/**
 * A client that inserts every 5 ms, and connects again, to whatever pod is there, when its connection is closed.
 * @returns what ends it, with the times of all acknowledgements (ms) and how many connections it took
 */
export async function insertThrough(tenant: ResizedTenant) {
  const acknowledged: number[] = []
  let connections = 0
  let isStopped = false

  async function insertOn(database: Database): Promise<void> {
    const closed = new Promise<void>((resolve) => database.onClose(() => resolve()))
    const timer = setInterval(() => {
      if (isStopped) void database.close()
      else {
        database.insert({ col: 'ticks', doc: 'tick', ts: Date.now(), data: '' }).then(
          () => acknowledged.push(performance.now()),
          () => {}, // What a closing connection does not acknowledge any more shows as a gap.
        )
      }
    }, EVERY_MS)
    await closed
    clearInterval(timer)
  }

  async function untilStopped(first: Database): Promise<void> {
    for (let database: Database | undefined = first; !isStopped; database = await open()) {
      if (database) {
        connections++
        await insertOn(database)
      } else await sleep(RECONNECT_MS)
    }
  }

  async function open(): Promise<Database | undefined> {
    const pod = (await tenant.pods()).find(isReady)
    if (pod === undefined) return undefined
    try {
      return await connect({ url: `ws://${pod.status!.podIP}:8080`, key: tenant.key, timeoutMs: 60_000 })
    } catch (error) {
      if (error instanceof ConnectError) return undefined // It is going, or not there yet.
      throw error
    }
  }

  const first = await open()
  if (first === undefined) throw new Error(`the database of ${tenant.userId} cannot be reached`)
  const running = untilStopped(first)
  return {
    async stop() {
      isStopped = true
      await running
      return { acknowledged, connections }
    },
  }
}
