import { setTimeout as sleep } from 'node:timers/promises'
import { restart } from '../../tools/local-cluster/cluster.ts'
import type { Service } from '../../tools/service.ts'
import type { TestCluster } from '../helpers/cluster.ts'

/** Parts of the cluster that stand still for a while, and go on as if nothing had been. */
export const PARTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubelet'] as const

/** What happens to a part, or to the service's clock, while all operations of a batch are at work. */
export const EVENTS = [
  ...PARTS.map((part) => `stopped ${part}` as const),
  'restarted etcd',
  'clock ahead',
  'clock back',
] as const
export type Event = (typeof EVENTS)[number]

/** Less than any operation may take, and more than any is expected to. */
const CLOCK_MS = { 'clock ahead': 120_000, 'clock back': -120_000 }

/** What the service is started with, so that its clock can be moved. */
export function withClock(event: Event | undefined): Record<string, string> {
  if (event !== 'clock ahead' && event !== 'clock back') return {}
  return {
    NODE_OPTIONS: `--import=${new URL('../helpers/moved-clock.mjs', import.meta.url).href}`,
    MOVED_CLOCK_MS: String(CLOCK_MS[event]),
  }
}

/** Longer than the service waits for a read, and than any part may be silent without being missed. */
const STOPPED_MS = 20_000
/** Longer than any of its controllers waits before it tries again. */
const CONTROLLERS_STOPPED_MS = 60_000

/** @returns the cluster as it is then: a part that was started again is another process */
export async function happen(cluster: TestCluster, service: Service, event: Event): Promise<TestCluster> {
  if (event === 'restarted etcd') return { ...cluster, ...(await restart(cluster, 'etcd')) }
  const part = PARTS.find((part) => event === `stopped ${part}`)
  if (part)
    await standStill(cluster.processes[part]!, part === 'kube-controller-manager' ? CONTROLLERS_STOPPED_MS : STOPPED_MS)
  else {
    service.process.kill('SIGUSR2')
    await sleep(STOPPED_MS)
  }
  return cluster
}

async function standStill(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  try {
    await sleep(ms)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}
