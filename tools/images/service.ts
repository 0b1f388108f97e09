import { createHash } from 'node:crypto'
import { existsSync, globSync, statSync } from 'node:fs'
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePath } from '../cache.ts'
import { run } from '../local-cluster/run.ts'
import type { Report } from '../report.ts'
import { type ImageConfig, type ImageFile, imageArchive } from './archive.ts'
import type { Image } from './build.ts'
import { goArchitecture } from './go-program.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const REPOSITORY = 'localhost/fluxiondb-provisioner'
/** As the Dockerfile has it, which makes the same image. */
const CONFIG: Omit<ImageConfig, 'ref' | 'architecture'> = {
  entrypoint: ['/usr/local/bin/node', '/app/bin/fluxiondb-provisioner.mjs'],
  command: ['serve'],
  user: '65532:65532',
  env: ['PATH=/usr/local/bin', 'NODE_ENV=production'],
  exposedPorts: [3000],
}
const OWN = ['package.json', 'LICENSE', 'bin/*', 'src/**/*.ts']
const EXECUTABLE = 0o755
const READABLE = 0o644

/** Files in place of the checkout's own, by their path in it. */
export type Replaced = Readonly<Record<string, string>>

/**
 * The service's image, from this checkout and the Node of its packages: no builder and no registry is needed. The tag follows
 * from what is in it.
 * @param replaced for tests of an upgrade
 */
export async function buildServiceImage(report: Report, replaced: Replaced = {}): Promise<Image> {
  report('Build the image', 'reading what goes in')
  const files = [...(await runtime()), ...ownFiles(replaced), ...(await packages())]
  const tag = await tagOf(files)
  const image = { ref: `${REPOSITORY}:${tag}`, archive: cachePath('images', `fluxiondb-provisioner-${tag}.tar`) }
  if (existsSync(image.archive)) return image
  report('Build the image', image.ref)
  const archive = await imageArchive({ ...CONFIG, ref: image.ref, architecture: goArchitecture() }, files)
  await mkdir(cachePath('images'), { recursive: true })
  const unfinished = `${image.archive}.${process.pid}`
  await writeFile(unfinished, archive)
  await rename(unfinished, image.archive)
  return image
}

/** Node, and the libraries that it was linked with, at the paths where it looks for them. */
async function runtime(): Promise<ImageFile[]> {
  const node = join(ROOT, 'node_modules', 'node', 'bin', 'node')
  const libraries = [...(await run('ldd', [node])).matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!)
  return [
    { path: '/usr/local/bin/node', source: node, mode: EXECUTABLE },
    ...(await Promise.all(
      libraries.map(async (path) => ({ path, source: await realpath(path), mode: EXECUTABLE }) satisfies ImageFile),
    )),
  ]
}

function ownFiles(replaced: Replaced): ImageFile[] {
  return globSync(OWN, { cwd: ROOT }).map((name) => {
    const content = replaced[name]
    const file = { path: `/app/${name}`, mode: READABLE }
    return content === undefined ? { ...file, source: join(ROOT, name) } : { ...file, content }
  })
}

/** Those that the service needs when it runs, and not those of the clients, which share the lock file. */
async function packages(): Promise<ImageFile[]> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'))
  return [...neededFrom('', lock.packages)].sort().flatMap(filesIn)
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
function filesIn(folder: string): ImageFile[] {
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

/** 12 hex digits of a hash of all paths and contents, and of the configuration. */
async function tagOf(files: ImageFile[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(CONFIG))
  for (const file of files.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`\0${file.path}\0${file.mode}\0`)
    if ('source' in file) hash.update(await readFile(file.source))
    else if ('content' in file) hash.update(file.content)
  }
  return hash.digest('hex').slice(0, 12)
}
