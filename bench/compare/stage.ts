import { join } from 'node:path'
import { connect } from '../../src/kubernetes/connection.ts'
import { createLogger } from '../../src/logger.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { down, up } from '../../tools/local-cluster/cluster.ts'
import { withProgress } from '../../tools/local-cluster/progress.ts'
import { type Service, startService } from '../../tools/service.ts'
import { grantRights } from '../../tools/service-account.ts'
import { benchAccount } from './bench-account.ts'
import { bareLoop, type Contender, type Keeper, theService, twoCalls } from './contenders.ts'
import { createOne } from './create-one.ts'
import { pidOf } from './processes.ts'
import { byHelmChart, byKubectl } from './programs.ts'
import type { Processes } from './rows.ts'
import { Seen } from './seen.ts'

export type Sizes = { rounds: number; alone: number; together: number; waiting: number; resizes: number }
/** Tenants, looks or deletes at once. */
export const AT_ONCE = [1, 8, 32]
const NAME = 'bench'

/** Everybody who takes part, on one control plane. */
export type Stage = {
  ours: Keeper
  bare: Keeper
  byHelm: Keeper
  /** Those who can do all, the service first. */
  keepers: readonly Keeper[]
  calls: Contender
  service: Service
  /** Of the service. */
  settings: Record<string, string>
  applied: Seen
  gone: Seen
  processes: Processes
}

/** A control plane without nodes: what is measured is the API server and its clients, not kubelets. */
export async function onStage<T>(folder: string, play: (stage: Stage) => Promise<T>): Promise<T> {
  process.env.LOCAL_CLUSTER = 'control-plane'
  const cluster = await withProgress((report) => up({ name: NAME, report }))
  const [applied, gone] = [Seen.applied(), Seen.gone()]
  const [own, others] = await Promise.all([
    grantRights(cluster.kubeconfig, folder, () => {}),
    benchAccount(cluster.kubeconfig, join(folder, 'bench.kubeconfig')),
  ])
  const { apis, raw, close } = connectTo(others)
  const settings = {
    KUBECONFIG: own,
    STORAGE_CLASS: cluster.storageClasses.expanding,
    REQUESTS_PER_MINUTE: '0',
    OPERATION_TIMEOUT_SECONDS: '86400',
  }
  // It is the only replica.
  const service = await startService({ ...settings, READS: 'watched' })
  try {
    await Promise.all([applied.start(raw), gone.start(raw)])
    const ours = theService(service)
    await createOne(ours, 'first', applied)
    const record = await recordOf(cluster.kubeconfig, 'first')
    const bare = bareLoop(apis, record)
    const calls = twoCalls(apis, record)
    const byHelm = byHelmChart(others, bare.purge)
    const keepers = [ours, bare, await byKubectl(others, record, folder), byHelm]
    const processes = {
      service: service.process.pid,
      'API server': await pidOf('kube-apiserver'),
      etcd: await pidOf('etcd'),
    }
    return await play({ ours, bare, byHelm, keepers, calls, service, settings, applied, gone, processes })
  } finally {
    applied.stop()
    gone.stop()
    await service.stop()
    await close()
    await withProgress((report) => down({ name: NAME, report }))
  }
}

/** Everybody goes first in one round or another. */
export function turnsOf<T>(all: readonly T[], round: number): T[] {
  return all.map((_, index) => all[(index + round) % all.length]!)
}

export function nameOf(contender: Contender, group: string, index: number): string {
  return `${contender.name.replaceAll(' ', '-')}-${group}-${index}`
}

/** Programs are started less often, as they are slow. */
export function countOf(contender: Contender, atOnce: number, { alone, together }: Sizes): number {
  if (atOnce === 1) return contender.isProgram ? Math.ceil(alone / 4) : alone
  return contender.isProgram ? atOnce : Math.max(atOnce, together)
}

export function connectTo(kubeconfig: string) {
  return connect({
    kubeconfig,
    environment: {},
    deadlinesMs: { read: 30_000, write: 30_000 },
    onCall: () => {},
    log: createLogger('error'),
  })
}

export async function recordOf(kubeconfig: string, userId: string): Promise<string> {
  const { apis, close } = connectTo(kubeconfig)
  const { metadata } = await apis.core.readNamespace({ name: namesFor(userId).namespace })
  await close()
  return metadata!.annotations![annotations.spec]!
}
