import { readdir, readFile } from 'node:fs/promises'
import type { V1Pod } from '@kubernetes/client-node'
import { databaseStatus } from '../../src/tenants/observe/observed.ts'

/** The process id of a pod's database, where the cluster's node is this machine. */
export async function databaseProcess(pod: V1Pod): Promise<number> {
  const container = databaseStatus(pod)?.containerID?.replace(/^.*\/\//, '')
  if (!container) throw new Error('the pod has no container yet')
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const [cgroup, command] = await Promise.all([about(pid, 'cgroup'), about(pid, 'cmdline')])
    // A probe's process is in the same cgroup.
    if (cgroup.includes(container) && command.includes('--secret-key')) return Number(pid)
  }
  throw new Error(`no process of this machine is in container ${container}`)
}

/** A process may end before its files are read. */
async function about(pid: string, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
