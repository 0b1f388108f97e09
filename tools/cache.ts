import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * A path in the cache that all checkouts of one user share: built binaries and images, keyed by version or content, so
 * that a fresh clone does not build them again. `FLUXIONDB_CACHE` moves it.
 */
export function cachePath(...parts: string[]): string {
  const root =
    process.env.FLUXIONDB_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fluxiondb-provisioner')
  return join(root, ...parts)
}
