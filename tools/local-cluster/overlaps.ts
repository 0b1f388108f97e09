import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the stand-in database writes into its data folder when another instance still holds that folder. */
const record = 'overlaps.log'

/** Where the records of removed volumes are kept, in the folder of the cluster. */
export function keptOverlaps(clusterFolder: string): string {
  return join(clusterFolder, record)
}

/** Saves a volume's records, marked with the claim that it belonged to, before the volume is removed. */
export async function keepOverlaps(clusterFolder: string, volume: string, claim: string): Promise<void> {
  const lines = await linesOf(join(volume, record))
  if (lines.length) await appendFile(keptOverlaps(clusterFolder), lines.map((line) => `${claim} ${line}\n`).join(''))
}

/** All records: of the volumes that are gone and of those that are there. */
export async function overlapsIn(clusterFolder: string): Promise<string[]> {
  const volumes = await readdir(join(clusterFolder, 'volumes')).catch(ifMissing([]))
  const files = volumes.map((volume) => join(clusterFolder, 'volumes', volume, record))
  return (await Promise.all([keptOverlaps(clusterFolder), ...files].map(linesOf))).flat()
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
