import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { cachePath } from '../cache.ts'

/** What identifies one cluster on this machine. All of it derives from the name, so that a crash loses nothing. */
export type State = {
  name: string
  /** Everything that the cluster writes is below this folder. */
  dir: string
  /** Short and unique on the machine, also between two users' caches: names the cgroup and the network link. */
  mark: string
  path: (...parts: string[]) => string
}

export function stateOf(name: string): State {
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw new Error(`a cluster's name is a DNS label of at most 40 characters, not ${JSON.stringify(name)}`)
  }
  const dir = cachePath('clusters', name)
  const mark = createHash('sha256').update(dir).digest('hex').slice(0, 8)
  return { name, dir, mark, path: (...parts) => join(dir, ...parts) }
}
