import { existsSync } from 'node:fs'
import { access, constants, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { State } from './state.ts'

/** A cgroup of the cluster's own above all its pods: two kubelets under one root would clean up each other's pods. */
export function cgroupOf(state: State): string {
  return `/fluxiondb-${state.mark}`
}

/** kubelet wants its root cgroup to be there, in every hierarchy. */
export async function makeCgroup(state: State): Promise<void> {
  const all = await hierarchies()
  // With version 1 beside it, version 2 has nothing that kubelet uses.
  const used = all.some(({ unified }) => !unified) ? all.filter(({ unified }) => !unified) : all
  for (const { root, unified } of used) {
    if (unified) await writeFile(join(root, 'cgroup.subtree_control'), '+cpuset +cpu +memory +pids')
    const path = join(root, cgroupOf(state))
    await mkdir(path, { recursive: true })
    // Version 1 leaves these empty, and a process can't enter a cgroup without processors.
    for (const file of ['cpuset.mems', 'cpuset.cpus']) {
      if (!unified && existsSync(join(root, file))) await writeFile(join(path, file), await readFile(join(root, file)))
    }
  }
}

/** Not where /sys is read-only, as in most containers. */
export async function canMakeCgroups(): Promise<boolean> {
  const all = await hierarchies()
  const writable = all.map(({ root }) =>
    access(root, constants.W_OK).then(
      () => true,
      () => false,
    ),
  )
  return all.length > 0 && (await Promise.all(writable)).every(Boolean)
}

/** Kills every process in the cluster's cgroups (those of the pods) and removes the cgroups. */
export async function removeCgroup(state: State): Promise<void> {
  for (const { root } of await hierarchies()) await remove(join(root, cgroupOf(state)))
}

async function remove(path: string): Promise<void> {
  const deadline = Date.now() + 10_000
  for (;;) {
    try {
      return await removeOnce(path)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ENOENT') return
      if (code !== 'EBUSY' || Date.now() > deadline) throw error
      await sleep(20) // a killed process leaves its cgroup a little later
    }
  }
}

async function removeOnce(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries) if (entry.isDirectory()) await remove(join(path, entry.name))
  for (const pid of await processesIn(path)) process.kill(pid, 'SIGKILL')
  await rmdir(path)
}

async function processesIn(path: string): Promise<number[]> {
  return (await readFile(join(path, 'cgroup.procs'), 'utf8')).split('\n').filter(Boolean).map(Number)
}

async function hierarchies(): Promise<{ root: string; unified: boolean }[]> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' '))
  return mounts
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, root, type]) => ({ root: root!, unified: type === 'cgroup2' }))
}
