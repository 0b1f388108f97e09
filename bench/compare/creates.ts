import { join } from 'node:path'
import { connect } from '../../src/kubernetes/connection.ts'
import { createLogger } from '../../src/logger.ts'
import { annotations } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { down, up } from '../../tools/local-cluster/cluster.ts'
import { withProgress } from '../../tools/local-cluster/progress.ts'
import { startService } from '../../tools/service.ts'
import { grantRights } from '../../tools/service-account.ts'
import { quantile, rounded, times } from '../figures.ts'
import { Applied } from './applied.ts'
import { benchAccount } from './bench-account.ts'
import { bareLoop, type Contender, helmInstall, kubectl, theService, twoCalls } from './contenders.ts'
import { pidOf, residentMiBOf, untilCalm } from './processes.ts'
import { readRatio } from './reads.ts'
import { createOne, type Processes, Rows } from './rows.ts'

export type Sizes = { rounds: number; alone: number; together: number; waiting: number; resizes: number }
const TOGETHER = 8
const NAME = 'bench'

/** Creates on a control plane without nodes: what is measured is the API server and its clients, not kubelets. */
export async function creates(sizes: Sizes, folder: string) {
  process.env.LOCAL_CLUSTER = 'control-plane'
  const cluster = await withProgress((report) => up({ name: NAME, report }))
  const applied = new Applied()
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
    await applied.start(raw)
    const ours = theService(service)
    await ours.create('first')
    await applied.in(ours.namespaceOf('first'))
    const record = await recordOf(cluster.kubeconfig, 'first')
    const bare = bareLoop(apis, record)
    const calls = twoCalls(apis, record)
    const byKubectl = kubectl(others, record, folder)
    const byHelm = helmInstall(others)
    const all = [ours, calls, bare, byKubectl, byHelm]
    // Programs and caches are warm for everyone.
    for (const one of all) await createOne(one, `warm-${all.indexOf(one)}`, applied)

    const processes: Processes = {
      service: service.process.pid,
      'API server': await pidOf('kube-apiserver'),
      etcd: await pidOf('etcd'),
    }
    const rows = new Rows(processes)
    const measure = (contender: Contender, atOnce: number, count: number, prefix: string) =>
      rows.measure(contender, atOnce, count, prefix, applied)
    for (let round = 0; round < sizes.rounds; round++) {
      const turns = all.map((_, index) => all[(index + round) % all.length]!)
      for (const one of turns) {
        console.log(`round ${round + 1} of ${sizes.rounds}: ${one.name}`)
        const isSlow = one === byKubectl || one === byHelm
        await measure(one, 1, isSlow ? Math.ceil(sizes.alone / 4) : sizes.alone, `${round}-alone`)
        await measure(one, TOGETHER, isSlow ? TOGETHER : sizes.together, `${round}-many`)
      }
      console.log(`round ${round + 1} of ${sizes.rounds}: ${ours.name} and ${calls.name} in turn`)
      for (const atOnce of [1, TOGETHER]) {
        const count = atOnce === 1 ? sizes.alone : sizes.together
        await rows.inTurn([ours, calls], atOnce, count, `${round}-in-turn-${atOnce}`, applied)
      }
    }
    console.log(`${sizes.waiting} more tenants that wait for a node ...`)
    await times(TOGETHER, sizes.waiting, (index) => createOne(ours, `waits-${index}`, applied))
    await untilCalm(processes['API server'])
    const later = new Rows(processes)
    for (let round = 0; round < sizes.rounds; round++) {
      for (const one of round % 2 === 0 ? [ours, bare] : [bare, ours]) {
        await later.measure(one, 1, sizes.alone, `late-${round}`, applied)
      }
    }
    const ratios = rounded({
      ...ratiosOf(rows, { ours, calls, bare, byHelm }),
      // What the cluster itself takes longer with more objects in it is not this service's.
      waitingTenantsSlowdown: slowdown(later, rows, ours) / slowdown(later, rows, bare),
      getVsPlainRoute: await readRatio(service, '/tenants/first'),
      getLiveVsPlainRoute: await liveRatio(settings),
      listVsPlainRoute: await readRatio(service, '/tenants?limit=100'),
    })
    console.table(rows.shown())
    const memory = await memoryOf(processes)
    console.table(memory)
    const afterwards = later.shown().map((row) => ({ ...row, contender: `${row.contender}, many waiting` }))
    const bars = rows.bars().filter(({ perSecond, contender }) => perSecond > 0 && contender !== calls.name)
    return { ratios, memory, bars, rows: [...rows.shown(), ...afterwards] }
  } finally {
    applied.stop()
    await service.stop()
    await close()
    await withProgress((report) => down({ name: NAME, report }))
  }
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

/** The same for a service of which there may be more replicas. */
async function liveRatio(settings: Record<string, string>): Promise<number> {
  const service = await startService(settings)
  try {
    return await readRatio(service, '/tenants/first')
  } finally {
    await service.stop()
  }
}

/** Resident MiB. */
async function memoryOf(processes: Processes): Promise<Record<string, number>> {
  const resident = Object.entries(processes).map(async ([name, pid]) => [name, await residentMiBOf(pid)] as const)
  return rounded(Object.fromEntries(await Promise.all(resident)))
}

function slowdown(later: Rows, before: Rows, contender: Contender): number {
  return quantile(later.of(contender, 1).applied) / quantile(before.of(contender, 1).applied)
}

function ratiosOf(rows: Rows, by: Record<'ours' | 'calls' | 'bare' | 'byHelm', Contender>) {
  const inTurn = ({ name }: Contender, atOnce: number) => rows.of({ name: `${name}, in turn` }, atOnce).accepted
  const accepted = (atOnce: number) => quantile(inTurn(by.ours, atOnce)) / quantile(inTurn(by.calls, atOnce))
  const ours = rows.of(by.ours, TOGETHER)
  const bare = rows.of(by.bare, TOGETHER)
  const byHelm = rows.of(by.byHelm, TOGETHER)
  return {
    acceptedP50VsTwoCalls: accepted(1),
    acceptedP50VsTwoCallsTogether: accepted(TOGETHER),
    appliedP50VsBare: quantile(rows.of(by.ours, 1).applied) / quantile(rows.of(by.bare, 1).applied),
    appliedThroughputVsBare: quantile(ours.perSecond) / quantile(bare.perSecond),
    throughputVsHelm: quantile(ours.perSecond) / quantile(byHelm.perSecond),
    p50VsHelm: quantile(ours.applied) / quantile(byHelm.applied),
  }
}
