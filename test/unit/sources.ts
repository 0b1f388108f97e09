import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'

const ROOT = new URL('../../', import.meta.url)
/** `import a, { type B, c } from 'x'`, `import 'x'`, and the same with `export`. */
const NAMES = String.raw`(?:[\w$]+\s*,\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)|[\w$]+`
const STATIC = new RegExp(String.raw`^(?:import|export)\s+(?:(type)\s+)?(?:(${NAMES})\s+from\s+)?'([^']+)'`, 'gm')
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g

/** One import. `isType`: nothing of it is left when the file runs. */
export type Import = { from: string; to: string; isType: boolean }
export type Source = { file: string; text: string; imports: Import[] }

/** Every file of src with what it imports: files by their path below src, packages by their name. */
export const SOURCES: readonly Source[] = globSync('src/**/*.ts', { cwd: ROOT })
  .sort()
  .map((path) => {
    const file = path.slice('src/'.length)
    const text = readFileSync(new URL(path, ROOT), 'utf8')
    return { file, text, imports: importsOf(file, text) }
  })

function importsOf(file: string, text: string): Import[] {
  const fixed = [...text.matchAll(STATIC)].map(([, type, names, to]): Import => {
    return { from: file, to: resolved(file, to!), isType: type !== undefined || isOnlyTypes(names ?? '') }
  })
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, to]): Import => {
    return { from: file, to: resolved(file, to!), isType: false }
  })
  return [...fixed, ...dynamic]
}

function isOnlyTypes(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/.exec(names)?.[1]
  const each = inBraces?.split(',').map((name) => name.trim())
  return each?.every((name) => name === '' || name.startsWith('type ')) ?? false
}

function resolved(file: string, to: string): string {
  if (to.startsWith('.')) return posix.join(posix.dirname(file), to)
  return to
}

/** The name of a package, without the path inside it. */
export function packageOf(to: string): string {
  return to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : to.split('/')[0]!
}

/** Whether an import is of another file of src, and not of a package. */
export function isOwn({ to }: Import): boolean {
  return to.endsWith('.ts')
}
