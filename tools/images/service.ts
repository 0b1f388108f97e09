import { createHash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePath } from '../cache.ts'
import { run } from '../local-cluster/run.ts'
import type { Report } from '../report.ts'
import { type ImageConfig, type ImageFile, imageArchive } from './archive.ts'
import type { Image } from './build.ts'
import { goArchitecture } from './go-program.ts'
import { filesIn, neededPackages } from './packages.ts'

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
  const files = [...(await runtime()), ...ownFiles(replaced), ...(await neededPackages()).flatMap(filesIn)]
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
