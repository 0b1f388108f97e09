import { appendFile, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** What the stand-in database writes into its data folder when another instance still holds that folder. */
const record = 'overlaps.log'

/** A volume's folder tells its claim, to people and to the records. Names of objects have no underscore. */
export function folderName(claim: { namespace?: string; name?: string }, volume: string): string {
  return `${claim.namespace}_${claim.name?.slice(0, 100)}_${volume}` // a file's name has at most 255 bytes
}

/** Where the records of removed volumes are kept, in the folder of the cluster. */
export function keptOverlaps(clusterFolder: string): string {
  return join(clusterFolder, record)
}

/** Saves a volume's records before it is removed. */
export async function keepOverlaps(clusterFolder: string, volume: string): Promise<void> {
  const lines = await recordsOf(volume)
  await appendFile(keptOverlaps(clusterFolder), lines.map((line) => `${line}\n`).join(''))
  await rm(join(volume, record), { force: true }) // if removing the volume fails half-way, they are not kept twice
}

/** All records, of the volumes that are gone and of those that are there: namespace/claim, a space, and the record. */
export async function overlapsIn(clusterFolder: string): Promise<string[]> {
  const volumes = await readdir(join(clusterFolder, 'volumes')).catch(ifMissing([]))
  const living = await Promise.all(volumes.map((volume) => recordsOf(join(clusterFolder, 'volumes', volume))))
  return [...(await linesOf(keptOverlaps(clusterFolder))), ...living.flat()]
}

async function recordsOf(volume: string): Promise<string[]> {
  const claim = basename(volume).split('_').slice(0, 2).join('/')
  return (await linesOf(join(volume, record))).map((line) => `${claim} ${line}`)
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8').catch(ifMissing(''))).split('\n').filter(Boolean)
}

function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value
    throw error
  }
}
