import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../tools/local-cluster/cluster.ts'
import { stateOf } from '../../tools/local-cluster/state.ts'
import { type Service, startService } from '../../tools/service.ts'
import { grantRights } from '../../tools/service-account.ts'
import { benchAccount } from '../compare/bench-account.ts'
import { bareLoop, type Contender, RAM, theService } from '../compare/contenders.ts'
import { createOne } from '../compare/create-one.ts'
import { residentMiBOf, untilCalm } from '../compare/processes.ts'
import { Seen } from '../compare/seen.ts'
import { connectTo, recordOf } from '../compare/stage.ts'
import { quantile, rate, rounded, times } from '../figures.ts'
import type { Level } from './level.ts'
import { callsIn, longestStallMsIn } from './metrics.ts'

/** What Node takes by itself in a container with the chart's limit of 512Mi. */
const AS_IN_THE_CHART = '--max-old-space-size=256 --max-semi-space-size=2'
const MINUTE_MS = 60_000
const LONGEST_MS = 10 * MINUTE_MS
const MiB = 1024 * 1024
/** Creates that are measured one after another, and at once. */
const ALONE = 12
const TOGETHER = 64
const READS = 50

type Bench = {
  cluster: Cluster
  settings: Record<string, string>
  applied: Seen
  bare: Contender
  end: () => Promise<void>
}

/** A service and its tenants, more and more of them. */
export class Fleet {
  readonly #bench: Bench
  #service: Service
  #made = 0
  #round = 0

  static async start(cluster: Cluster, folder: string): Promise<Fleet> {
    const [own, others] = await Promise.all([
      grantRights(cluster.kubeconfig, folder, () => {}),
      benchAccount(cluster.kubeconfig, join(folder, 'bench.kubeconfig')),
    ])
    const { apis, raw, close } = connectTo(others)
    const policy = join(folder, 'policy.json')
    await writeFile(policy, JSON.stringify({ options: { write: ['*'] }, images: ['*'], storageClasses: ['*'] }))
    const settings = {
      KUBECONFIG: own,
      POLICY_FILE: policy,
      STORAGE_CLASS: cluster.storageClasses.expanding,
      IMAGE: cluster.image,
      REQUESTS_PER_MINUTE: '0',
      OPERATION_TIMEOUT_SECONDS: '86400',
      NODE_OPTIONS: AS_IN_THE_CHART,
    }
    const service = await startService(settings)
    const applied = Seen.applied()
    await applied.start(raw)
    const first = theService(service)
    await createOne(first, 'first', applied)
    const bare = bareLoop(apis, await recordOf(cluster.kubeconfig, 'first'))
    const end = async () => {
      applied.stop()
      await close()
    }
    return new Fleet({ cluster, settings, applied, bare, end }, service)
  }

  private constructor(bench: Bench, service: Service) {
    this.#bench = bench
    this.#service = service
    this.#made = 1
  }

  async growTo(tenants: number): Promise<void> {
    const count = tenants - this.#made
    const startedAt = performance.now()
    let ready = 0
    console.log(`${tenants} tenants ...`)
    await times(32, count, async () => {
      await this.#create({})
      if (++ready % Math.ceil(count / 10) > 0) return
      console.log(
        `  ${ready} of ${count} more, ${((ready / (performance.now() - startedAt)) * 1000).toFixed(1)} a second`,
      )
    })
  }

  /** Tenants that no node takes. */
  async addWaiting(count: number): Promise<void> {
    console.log(`${count} tenants that wait for a node ...`)
    await times(8, count, () => this.#create({ nodeSelector: { 'kubernetes.io/hostname': 'none' } }, false))
  }

  async measure(tenants: string): Promise<Level> {
    const { cluster, applied, bare } = this.#bench
    await untilCalm(cluster.processes['kube-apiserver'])
    const round = this.#round++
    const ours = theService(this.#service)
    const taken = { ours: [] as number[], bare: [] as number[], ready: [] as number[] }
    for (let index = 0; index < ALONE; index++) {
      const name = `${round}-${index}`
      taken.ours.push((await createOne(ours, `alone-${name}`, applied)).done)
      taken.bare.push((await createOne(bare, `bare-${name}`, applied)).done)
      const startedAt = performance.now()
      await this.#create({})
      taken.ready.push(performance.now() - startedAt)
    }
    const perSecond = async (contender: Contender, atOnce: number) => {
      let made = 0
      return rate(atOnce, TOGETHER, () => createOne(contender, `many-${atOnce}-${round}-${made++}`, applied))
    }
    const together = {
      'tenants/s, 8 at once': await perSecond(ours, 8),
      'tenants/s by a bare loop, 8 at once': await perSecond(bare, 8),
      'tenants/s, 32 at once': await perSecond(ours, 32),
    }
    await untilCalm(cluster.processes['kube-apiserver'])
    const startSeconds = await this.#restart()
    await untilCalm(this.#service.process.pid)
    const looks = await times(1, READS, () => this.#ask('/tenants/first'))
    const pages = await times(1, READS, () => this.#ask('/tenants?limit=100'))
    const metrics = await times(1, READS, () => this.#ask('/metrics'))
    const before = callsIn(await this.#ask('/metrics'))
    await sleep(MINUTE_MS)
    const after = await this.#ask('/metrics')
    const figures = {
      'applied p50 ms': quantile(taken.ours),
      'applied by a bare loop p50 ms': quantile(taken.bare),
      'ready p50 ms': quantile(taken.ready),
      ...together,
      'look p50 ms': quantile(looks),
      'page p50 ms': quantile(pages),
      'metrics p50 ms': quantile(metrics),
      'resident MiB': await residentMiBOf(this.#service.process.pid),
      'ready after a start s': startSeconds,
      'longest stall ms': longestStallMsIn(after),
      'calls in an idle minute': callsIn(after) - before,
      'resident MiB of the API server': await residentMiBOf(cluster.processes['kube-apiserver']),
      'MiB in etcd': (await stat(stateOf(cluster.name).path('etcd', 'member', 'snap', 'db'))).size / MiB,
    }
    return { tenants, ...rounded(figures) }
  }

  async stop(): Promise<void> {
    await this.#service.stop()
    await this.#bench.end()
  }

  /** @returns seconds until it is ready */
  async #restart(): Promise<number> {
    await this.#service.stop()
    const startedAt = performance.now()
    this.#service = await startService(this.#bench.settings)
    while ((await fetch(`${this.#service.address}/readyz`)).status !== 200) await sleep(20)
    return (performance.now() - startedAt) / 1000
  }

  /** Creates one more, and waits until it runs unless told otherwise. */
  async #create(options: object, isWaitedFor = true): Promise<void> {
    const userId = `tenant-${this.#made++}`
    const body = JSON.stringify({ userId, ramSize: RAM, apiKey: 'a-key-that-opens-nothing', options })
    const headers = { prefer: isWaitedFor ? 'wait=60' : 'respond-async', 'content-type': 'application/json' }
    const { state } = JSON.parse(await this.#ask('/tenants', { method: 'POST', body, headers }, 201, 202))
    if (isWaitedFor && state !== 'active') await this.#untilActive(userId)
  }

  /** Nodes that are simulated fall behind now and then. */
  async #untilActive(userId: string): Promise<void> {
    const endsAt = performance.now() + LONGEST_MS
    while (JSON.parse(await this.#ask(`/tenants/${userId}`)).state !== 'active') {
      if (performance.now() > endsAt) throw new Error(`${userId} is not active after ${LONGEST_MS / 1000} s`)
      await sleep(1000)
    }
  }

  async #ask(
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
    ...expected: number[]
  ) {
    const headers = { authorization: `Bearer ${this.#service.key}`, ...init.headers }
    const answer = await fetch(this.#service.address + path, { ...init, headers }).catch((cause) => {
      throw new Error(`the service does not answer; its last words:\n${this.#service.log.slice(-20).join('\n')}`, {
        cause,
      })
    })
    const text = await answer.text()
    if (!(expected.length > 0 ? expected : [200]).includes(answer.status))
      throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${text}`)
    return text
  }
}
