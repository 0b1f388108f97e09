import { setTimeout as sleep } from 'node:timers/promises'
import type { TestCluster } from '../helpers/cluster.ts'

/** Parts of the cluster that stand still for a while, and go on as if nothing had been. */
export const PARTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubelet'] as const

/** Longer than the service waits for a read, and than any part may be silent without being missed. */
const STOPPED_MS = 20_000

export async function standStill({ processes }: TestCluster, part: (typeof PARTS)[number]): Promise<void> {
  const pid = processes[part]!
  process.kill(pid, 'SIGSTOP')
  try {
    await sleep(STOPPED_MS)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}
