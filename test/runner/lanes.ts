import { totalmem } from 'node:os'
import { type Cluster, down, overlaps, up } from '../../tools/local-cluster/cluster.ts'
import { withProgress } from '../../tools/local-cluster/progress.ts'
import { keepDurations, longestFirst } from './durations.ts'
import { tell } from './report.ts'
import { type Result, runFile } from './run-file.ts'

/** Another version is another cluster. */
const NAME = ['test', process.env.LOCAL_KUBERNETES?.replaceAll('.', '-')].filter(Boolean).join('-')
/** Bytes. A cluster with its databases takes two GiB. */
const ROOM_FOR_TWO = 8 * 2 ** 30

/**
 * Runs test files on lanes, each with a cluster of its own, as some stop parts of their cluster, and a service looks after every
 * tenant of its own. A lane that is free takes the next file.
 * @param last run when all others have ended
 * @returns the results, and whether no two databases ever wrote to one volume
 */
export async function runOnLanes(files: readonly string[], last: readonly string[]) {
  const results: Result[] = []
  const queue = await longestFirst(files)
  const first = await withProgress((report) => up({ name: NAME, report, fsync: false }))
  console.log(`The tests use: ${first.description}`)
  if (process.env.REQUIRE_PODS && !first.runsPods)
    throw new Error('this machine can run pods, but the cluster does not')
  const names = [NAME, ...(hasRoomForTwo(first) ? [`${NAME}-2`] : [])]
  try {
    await Promise.all(names.map((name) => lane(name, queue, results)))
    await lane(NAME, [...last], results)
    await keepDurations(results)
    return { results, isSafe: (await Promise.all(names.map(tellOverlaps))).every(Boolean) }
  } finally {
    if (!process.env.KEEP_CLUSTER) for (const name of names) await withProgress((report) => down({ name, report }))
  }
}

function hasRoomForTwo({ kind }: Cluster): boolean {
  const isOwn = kind === 'node' || kind === 'control-plane'
  return process.env.TEST_LANES ? process.env.TEST_LANES !== '1' : isOwn && totalmem() >= ROOM_FOR_TWO
}

async function lane(name: string, queue: string[], results: Result[]): Promise<void> {
  if (queue.length > 0) await up({ name, report: () => {}, fsync: false })
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await runFile(file, file, { TEST_CLUSTER_NAME: name })
    results.push(result)
    tell(result, queue.length)
  }
}

/** Whatever a test looked at: no two databases may ever have been on one volume, but where a test made them. */
async function tellOverlaps(name: string): Promise<boolean> {
  const cluster = await up({ name, report: () => {} })
  const found = (await overlaps(cluster)).filter((record) => !record.includes('fluxiondb-overlap-'))
  if (found.length > 0) console.error(`two databases were on one volume:\n${found.join('\n')}`)
  return found.length === 0
}
