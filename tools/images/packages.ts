import { globSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageFile } from './archive.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const EXECUTABLE = 0o755
const READABLE = 0o644

/** The folders of the packages that the service needs when it runs, and not those of the clients, which share the lock file. */
export async function neededPackages(): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'))
  return [...neededFrom('', lock.packages)].sort()
}

type Locked = Record<'dependencies' | 'optionalDependencies' | 'peerDependencies', object | undefined>

/** The folders of all packages that the one in `folder` needs, found as Node finds them: its own, then those above. */
function neededFrom(folder: string, all: Record<string, Locked>, found = new Set<string>()): Set<string> {
  const { dependencies, optionalDependencies, peerDependencies } = all[folder]!
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const needed = above(folder)
      .map((place) => join(place, 'node_modules', name))
      .find((path) => path in all)
    if (needed === undefined || found.has(needed)) continue // One that is optional may not be there.
    found.add(needed)
    neededFrom(needed, all, found)
  }
  return found
}

/** `node_modules/a/node_modules/b`, `node_modules/a` and the root, for the first of them. */
function above(folder: string): string[] {
  return folder === ''
    ? ['']
    : [folder, ...above(folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1)))]
}

/** Without the packages within, which have entries of their own. */
export function filesIn(folder: string): ImageFile[] {
  const names = globSync('**', { cwd: join(ROOT, folder), exclude: ['node_modules', '**/node_modules'] })
  return names
    .map((name) => ({ name: join(folder, name), ...fileOrNot(join(ROOT, folder, name)) }))
    .filter(({ isFile }) => isFile)
    .map(({ name, mode }) => ({ path: `/app/${name}`, source: join(ROOT, name), mode }))
}

function fileOrNot(path: string): { isFile: boolean; mode: number } {
  const stat = statSync(path)
  return { isFile: stat.isFile(), mode: stat.mode & 0o111 ? EXECUTABLE : READABLE }
}
