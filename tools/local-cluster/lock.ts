import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs `work` while no other process of this machine runs work under the same name. The lock is an abstract Unix
 * socket: the kernel frees it when its holder dies, however it dies, so there are no stale locks. Linux only; elsewhere
 * the work runs unlocked.
 */
export async function withLock<T>(name: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return work()
  const lock = await acquire(addressOf(name), waiting)
  try {
    return await work()
  } finally {
    lock.close()
  }
}

/** A hash: an address may have no more than 107 bytes. */
function addressOf(name: string): string {
  return `\0fluxiondb-provisioner-${createHash('sha256').update(name).digest('hex')}`
}

async function acquire(path: string, waiting: () => void): Promise<Server> {
  for (;;) {
    const server = await listen(path)
    if (server) return server
    waiting()
    await sleep(250)
  }
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(path, () => resolve(server))
    server.unref()
  })
}
