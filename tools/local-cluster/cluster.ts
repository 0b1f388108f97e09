import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buildImages } from '../images/build.ts'
import type { Report } from '../report.ts'
import { isReady } from './api.ts'
import { choose } from './choose.ts'
import { cleanUp, killAll } from './cleanup.ts'
import { untilReady } from './control-plane.ts'
import { givenCluster } from './given.ts'
import { startK3s } from './k3s.ts'
import { withLock } from './lock.ts'
import { type Image, importImage, untilNodeReady } from './node.ts'
import { keptOverlaps, overlapsIn } from './overlaps.ts'
import { startWithNode, startWithoutNode } from './own.ts'
import { all, kill, running, startAgain } from './processes.ts'
import { type State, stateOf } from './state.ts'

export type Cluster = {
  name: string
  /** A kubeconfig that was given; k3s in a container; an own control plane with a real node; one without nodes. */
  kind: 'given' | 'k3s' | 'node' | 'control-plane'
  /** One sentence for people: which kind, and why. */
  description: string
  /** Path of an administrator's kubeconfig. */
  kubeconfig: string
  /** Whether pods really run. */
  runsPods: boolean
  /** The database's image: the stand-in, or the real one where it can be pulled. */
  image: string
  /** A class whose volumes can grow, and one whose volumes cannot. */
  storageClasses: { expanding: string; fixed: string }
  /** The API server's audit log: JSON lines, who wrote what, no bodies. */
  auditLog?: string
  /** Where the stand-in's overlap records of removed volumes are kept; `overlaps` reads those of living volumes too. */
  overlaps?: string
  /** Process ids by component, for an own cluster. */
  processes: Record<string, number>
}

/** What each way of starting a cluster answers; the rest is the same for all. */
export type Started = Pick<Cluster, 'kubeconfig' | 'image' | 'auditLog'>

type Options = {
  name: string
  report: Report
  /** Whether a cluster that is started anew survives a power cut; one that only tests use need not, and waits for no disk. */
  fsync?: boolean
}

/** A running cluster of that name. Starts one if there is none, anew if there is an unhealthy one. */
export async function up({ name, report, fsync = true }: Options): Promise<Cluster> {
  const state = stateOf(name)
  return exclusively(state, report, async () => {
    const found = await status(name)
    return found ? withCurrentImage(state, found, report) : startAnew(state, report, fsync)
  })
}

/** The stand-in may have been changed since the cluster was started. */
async function withCurrentImage(state: State, cluster: Cluster, report: Report): Promise<Cluster> {
  if (cluster.kind !== 'node') return cluster
  const { standIn } = await buildImages(report)
  if (standIn.ref === cluster.image) return cluster
  await importImage(cluster.processes.sandbox!, standIn)
  const current = { ...cluster, image: standIn.ref }
  await save(state, current)
  return current
}

async function startAnew(state: State, report: Report, fsync: boolean): Promise<Cluster> {
  const choice = await choose(report)
  report('Clean up', 'what an earlier cluster of this name left')
  await cleanUp(state)
  try {
    const cluster: Cluster = {
      name: state.name,
      ...choice,
      ...(await starters[choice.kind](state, report, fsync)),
      runsPods: choice.kind !== 'control-plane',
      storageClasses: { expanding: 'local', fixed: 'local-fixed' },
      overlaps: keptOverlaps(state.dir),
      processes: await running(state),
    }
    await save(state, cluster)
    return cluster
  } catch (error) {
    await killAll(state) // the logs stay, to be read; the next `up` or `down` removes them
    throw error
  }
}

const starters = { k3s: startK3s, node: startWithNode, 'control-plane': startWithoutNode }

/** Stops the cluster's processes and removes all that it made. Does nothing if there is none, or to a given one. */
export async function down({ name, report }: Omit<Options, 'fsync'>): Promise<void> {
  const state = stateOf(name)
  await exclusively(state, report, async () => {
    report('Stop the cluster', name)
    await cleanUp(state)
  })
}

/** The cluster of that name if it runs and is healthy. */
export async function status(name: string): Promise<Cluster | undefined> {
  if (process.env.TEST_KUBECONFIG) return givenCluster(name, process.env.TEST_KUBECONFIG)
  const state = stateOf(name)
  const cluster = await load(state)
  if (!cluster) return undefined
  const processes = await running(state)
  const started = await all(state)
  const healthy = started.every(({ component }) => component in processes) && (await isReady(cluster.kubeconfig))
  return healthy ? { ...cluster, processes } : undefined
}

/**
 * Kills a component of an own cluster, if it runs, and starts it with the same arguments. Waits until the API server
 * serves, or the node is Ready; not for other components.
 */
export async function restart(cluster: Cluster, component: string): Promise<Cluster> {
  if (component === 'sandbox') throw new Error('what runs in the sandbox cannot move into another one')
  const state = stateOf(cluster.name)
  const process = await startAgain(state, component)
  if (component === 'kube-apiserver') await untilReady(state, process)
  if (component === 'kubelet') await untilNodeReady(state, process)
  return { ...cluster, processes: await running(state) }
}

/** Kills a component of an own cluster. */
export async function stop(cluster: Cluster, component: string): Promise<void> {
  await kill(stateOf(cluster.name), component)
}

/** Gives the node of a running cluster an image. @throws if it has no node of ours */
export async function loadImage(name: string, image: Image): Promise<void> {
  const cluster = await status(name)
  if (cluster?.kind !== 'node') throw new Error(`cluster ${name} has no node that takes an image`)
  await importImage(cluster.processes.sandbox!, image)
}

/** Every record that two instances of the stand-in had one volume at once, of removed and of living volumes. */
export async function overlaps(cluster: Cluster): Promise<string[]> {
  return cluster.overlaps === undefined ? [] : overlapsIn(dirname(cluster.overlaps))
}

function exclusively<T>(state: State, report: Report, work: () => Promise<T>): Promise<T> {
  return withLock(state.dir, () => report('Wait', `for another process that works on cluster ${state.name}`), work)
}

async function save(state: State, cluster: Cluster): Promise<void> {
  await mkdir(state.dir, { recursive: true })
  await writeFile(state.path('cluster.json.new'), `${JSON.stringify(cluster, null, 2)}\n`)
  await rename(state.path('cluster.json.new'), state.path('cluster.json'))
}

async function load(state: State): Promise<Cluster | undefined> {
  try {
    return JSON.parse(await readFile(state.path('cluster.json'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
