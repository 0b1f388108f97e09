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
import { readRatio } from './reads.ts'

export type Sizes = { rounds: number; alone: number; together: number; waiting: number; resizes: number }
/** Milliseconds of each create until it was promised and until it was applied, and tenants a second. */
type Row = { contender: string; atOnce: number; accepted: number[]; applied: number[]; perSecond: number[] }

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
  const service = await startService({
    KUBECONFIG: own,
    STORAGE_CLASS: cluster.storageClasses.expanding,
    REQUESTS_PER_MINUTE: '0',
    OPERATION_TIMEOUT_SECONDS: '86400',
  })
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
    for (const one of all) await createOne(one, `warm-${all.indexOf(one)}`, one === calls ? undefined : applied)

    const rows: Row[] = []
    const measure = (contender: Contender, atOnce: number, count: number, prefix: string) =>
      measured(rows, contender, atOnce, count, prefix, contender === calls ? undefined : applied)
    for (let round = 0; round < sizes.rounds; round++) {
      const turns = all.map((_, index) => all[(index + round) % all.length]!)
      for (const one of turns) {
        console.log(`round ${round + 1} of ${sizes.rounds}: ${one.name}`)
        const isSlow = one === byKubectl || one === byHelm
        await measure(one, 1, isSlow ? Math.ceil(sizes.alone / 4) : sizes.alone, `${round}-alone`)
        await measure(one, TOGETHER, isSlow ? TOGETHER : sizes.together, `${round}-many`)
      }
    }
    const before = rowOf(rows, ours, 1)
    console.log(`${sizes.waiting} more tenants that wait for a node ...`)
    await times(TOGETHER, sizes.waiting, (index) => createOne(ours, `waits-${index}`, applied))
    const later: Row[] = []
    for (let round = 0; round < sizes.rounds; round++) {
      for (const one of round % 2 === 0 ? [ours, bare] : [bare, ours]) {
        await measured(later, one, 1, sizes.alone, `late-${round}`, applied)
      }
    }
    const ratios = rounded({
      ...ratiosOf(rows, { ours, calls, bare, byHelm }),
      // What the cluster itself takes longer with more objects in it is not this service's.
      waitingTenantsSlowdown:
        quantile(rowOf(later, ours, 1).applied) /
        quantile(before.applied) /
        (quantile(rowOf(later, bare, 1).applied) / quantile(rowOf(rows, bare, 1).applied)),
      getVsPlainRoute: await readRatio(service, '/tenants/first'),
      listVsPlainRoute: await readRatio(service, '/tenants?limit=100'),
    })
    console.table(rows.map(shown))
    return {
      ratios,
      rows: [
        ...rows.map(shown),
        ...later.map(shown).map((row) => ({ ...row, contender: `${row.contender}, many waiting` })),
      ],
    }
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

async function recordOf(kubeconfig: string, userId: string): Promise<string> {
  const { apis, close } = connectTo(kubeconfig)
  const { metadata } = await apis.core.readNamespace({ name: namesFor(userId).namespace })
  await close()
  return metadata!.annotations![annotations.spec]!
}

/** @param applied undefined: nothing comes after the promise */
async function createOne(contender: Contender, id: string, applied: Applied | undefined) {
  const startedAt = performance.now()
  const seen = applied?.in(contender.namespaceOf(id))
  await contender.create(id)
  const accepted = performance.now() - startedAt
  await seen
  return { accepted, applied: performance.now() - startedAt }
}

async function measured(
  rows: Row[],
  contender: Contender,
  atOnce: number,
  count: number,
  prefix: string,
  applied: Applied | undefined,
): Promise<void> {
  const row = rows.find((one) => one.contender === contender.name && one.atOnce === atOnce) ?? {
    contender: contender.name,
    atOnce,
    accepted: [],
    applied: [],
    perSecond: [],
  }
  if (!rows.includes(row)) rows.push(row)
  const startedAt = performance.now()
  await times(atOnce, count, async (index) => {
    const name = `${contender.name.replaceAll(' ', '-')}-${prefix}-${index}`
    const taken = await createOne(contender, name, applied)
    row.accepted.push(taken.accepted)
    row.applied.push(taken.applied)
  })
  row.perSecond.push((count / (performance.now() - startedAt)) * 1000)
}

function rowOf(rows: readonly Row[], contender: Contender, atOnce: number): Row {
  return rows.find((one) => one.contender === contender.name && one.atOnce === atOnce)!
}

function ratiosOf(rows: readonly Row[], by: Record<'ours' | 'calls' | 'bare' | 'byHelm', Contender>) {
  const accepted = (atOnce: number) =>
    quantile(rowOf(rows, by.ours, atOnce).accepted) / quantile(rowOf(rows, by.calls, atOnce).accepted)
  const ours = rowOf(rows, by.ours, TOGETHER)
  const bare = rowOf(rows, by.bare, TOGETHER)
  const byHelm = rowOf(rows, by.byHelm, TOGETHER)
  return {
    acceptedP50VsTwoCalls: accepted(1),
    acceptedP50VsTwoCallsTogether: accepted(TOGETHER),
    appliedP50VsBare: quantile(rowOf(rows, by.ours, 1).applied) / quantile(rowOf(rows, by.bare, 1).applied),
    appliedThroughputVsBare: quantile(ours.perSecond) / quantile(bare.perSecond),
    throughputVsHelm: quantile(ours.perSecond) / quantile(byHelm.perSecond),
    p50VsHelm: quantile(ours.applied) / quantile(byHelm.applied),
  }
}

function shown({ contender, atOnce, accepted, applied, perSecond }: Row) {
  return {
    contender,
    atOnce,
    ...rounded({
      'accepted p50 ms': quantile(accepted),
      'applied p50 ms': quantile(applied),
      'applied p95 ms': quantile(applied, 0.95),
      'applied p99 ms': quantile(applied, 0.99),
      'tenants/s': quantile(perSecond),
    }),
  }
}
