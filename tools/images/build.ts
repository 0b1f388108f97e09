import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePath } from '../cache.ts'
import type { Report } from '../report.ts'
import { type ImageConfig, type ImageFile, imageArchive } from './archive.ts'
import { buildGo, goArchitecture, goVersion, hashGoSources } from './go-program.ts'
import { findStaticBash } from './static-bash.ts'

/** An image archive on this machine, and the name it bears when it is loaded. */
export type Image = { ref: string; archive: string }

/** What makes an image besides the binary, given where that was built. */
type Recipe = {
  name: string
  sources: string
  /** Files of this machine that go into the image. */
  ingredients: string[]
  config: Omit<ImageConfig, 'ref' | 'architecture'>
  files: (binary: string) => ImageFile[]
}

/**
 * The stand-in for the database, and the image that holds a pod's namespaces. Both are built once: the name of the
 * archive says what went in, and so does the tag, so that a node never runs an old one under a new name.
 */
export async function buildImages(report: Report): Promise<{ standIn: Image; pause: Image }> {
  const bash = await findStaticBash(report)
  const standIn = await buildImage(standInRecipe(bash), report)
  const pause = await buildImage(pauseRecipe(), report)
  return { standIn, pause }
}

function standInRecipe(bash: string): Recipe {
  return {
    name: 'fluxiondb-stand-in',
    sources: join(import.meta.dirname, '..', 'stand-in'),
    ingredients: [bash],
    // The chart sets only args, so the entry point has to be the program itself.
    config: { entrypoint: ['/fluxiondb'], user: '1000:1000', exposedPorts: [8080] },
    files: (binary) => [
      { path: '/fluxiondb', source: binary, mode: 0o755 },
      // For the liveness probe, which talks to the port by bash's /dev/tcp.
      { path: '/bin/bash', source: bash, mode: 0o755 },
      {
        path: '/etc/passwd',
        content: 'root:x:0:0::/:/bin/bash\nfluxiondb:x:1000:1000::/data:/bin/bash\n',
        mode: 0o644,
      },
      { path: '/etc/group', content: 'root:x:0:\nfluxiondb:x:1000:\n', mode: 0o644 },
      { path: '/data', folder: true, mode: 0o755, owner: 1000 },
      { path: '/tmp', folder: true, mode: 0o1777 },
    ],
  }
}

function pauseRecipe(): Recipe {
  return {
    name: 'pause',
    sources: join(import.meta.dirname, 'pause'),
    ingredients: [],
    config: { entrypoint: ['/pause'], user: '65535:65535' },
    files: (binary) => [{ path: '/pause', source: binary, mode: 0o755 }],
  }
}

async function buildImage(recipe: Recipe, report: Report): Promise<Image> {
  const architecture = goArchitecture()
  const tag = await tagOf(recipe, `${await goVersion()} ${architecture}`)
  const image = { ref: `localhost/${recipe.name}:${tag}`, archive: cachePath('images', `${recipe.name}-${tag}.tar`) }
  if (existsSync(image.archive)) return image

  report('building image', image.ref)
  await mkdir(cachePath('images'), { recursive: true })
  const workshop = await mkdtemp(cachePath('images', 'building-'))
  try {
    const binary = join(workshop, 'binary')
    await buildGo(recipe.sources, binary)
    const archive = await imageArchive({ ...recipe.config, ref: image.ref, architecture }, recipe.files(binary))
    const unfinished = join(workshop, 'image.tar')
    await writeFile(unfinished, archive)
    // A rename within one file system: another process sees the whole archive or none. If it built the same one
    // meanwhile, this replaces it by its equal.
    await rename(unfinished, image.archive)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
  return image
}

/** 12 hex digits of a hash of everything that decides what is in the image, these files too. */
async function tagOf(recipe: Recipe, go: string): Promise<string> {
  const hash = createHash('sha256')
    .update(go)
    .update(await hashGoSources(recipe.sources))
  const here = ['archive.ts', 'build.ts', 'go-program.ts'].map((name) => join(import.meta.dirname, name))
  for (const path of [...here, ...recipe.ingredients]) hash.update(await readFile(path))
  return hash.digest('hex').slice(0, 12)
}
