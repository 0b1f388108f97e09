import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

/** Something in the image. Folders above it are added by themselves, root's and mode 0755. */
export type ImageFile = {
  /** In the image, absolute. */
  path: string
  mode: number
  /** Of user and group; 0 by default. */
  owner?: number
} & ({ source: string } | { content: string | Buffer } | { folder: true })

export type ImageConfig = {
  ref: string
  entrypoint: string[]
  /** `uid:gid` */
  user: string
  env?: string[]
  /** Arguments where none are given. */
  command?: string[]
  exposedPorts?: number[]
  /** As Go calls it: amd64, arm64. */
  architecture: string
}

type Entry = { name: string; mode: number; owner: number; content: Buffer | 'folder' }

/**
 * An image as `ctr images import` and `docker load` take it, with one layer. The same files and config give the same
 * bytes: names are in order, and times are zero.
 */
export async function imageArchive(config: ImageConfig, files: ImageFile[]): Promise<Buffer> {
  const layer = await tar(withParents(await Promise.all(files.map(readEntry))))
  const layerDigest = sha256(layer)
  const configJson = json({
    architecture: config.architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Entrypoint: config.entrypoint,
      ...(config.command && { Cmd: config.command }),
      User: config.user,
      Env: config.env ?? ['PATH=/bin'],
      WorkingDir: '/',
      ExposedPorts: Object.fromEntries((config.exposedPorts ?? []).map((port) => [`${port}/tcp`, {}])),
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created: '1970-01-01T00:00:00Z' }],
  })
  const configName = `${sha256(configJson)}.json`
  const layerName = `${layerDigest}.tar`
  const manifest = json([{ Config: configName, RepoTags: [config.ref], Layers: [layerName] }])
  return tar([
    { name: configName, mode: 0o644, owner: 0, content: configJson },
    { name: layerName, mode: 0o644, owner: 0, content: layer },
    { name: 'manifest.json', mode: 0o644, owner: 0, content: manifest },
  ])
}

async function readEntry(file: ImageFile): Promise<Entry> {
  const entry = { name: file.path.replace(/^\//, ''), mode: file.mode, owner: file.owner ?? 0 }
  if ('folder' in file) return { ...entry, content: 'folder' }
  return { ...entry, content: 'source' in file ? await readFile(file.source) : Buffer.from(file.content) }
}

/** Adds the folders that no entry names. Without them an unpacker makes them up, with modes of its own. */
function withParents(entries: Entry[]): Entry[] {
  const byName = new Map<string, Entry>()
  for (const { name } of entries) {
    const parts = name.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/')
      byName.set(parent, { name: parent, mode: 0o755, owner: 0, content: 'folder' })
    }
  }
  for (const entry of entries) byName.set(entry.name, entry)
  // By code units: the order must not depend on the machine's language, and puts a folder before what is in it.
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function tar(entries: Entry[]): Promise<Buffer> {
  const archive = pack()
  for (const { name, mode, owner, content } of entries) {
    const header = { name, mode, uid: owner, gid: owner, mtime: new Date(0) }
    if (content === 'folder') archive.entry({ ...header, type: 'directory' })
    else archive.entry(header, content)
  }
  archive.finalize()
  return buffer(archive)
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
