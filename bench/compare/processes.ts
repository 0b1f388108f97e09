import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { rounded } from '../figures.ts'

/** Ticks of the clock in which Linux tells CPU time. */
const TICKS_PER_SECOND = 100

/** CPU time (ms) that a process has used by now; 0 if it is not there. */
export async function cpuMsOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name, in parentheses, may hold anything; user and system time are the 12th and 13th field behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND) * 1000
}

/** Waits until a process takes less than a tenth of a core, a minute at most: controllers work on for long after a burst of creates. */
export async function untilCalm(pid: number | undefined): Promise<void> {
  let used = await cpuMsOf(pid)
  for (let seconds = 0; seconds < 60; seconds += 2) {
    await sleep(2000)
    const now = await cpuMsOf(pid)
    if (now - used < 200) return
    used = now
  }
}

/** Resident memory (MiB); 0 if it is not there. */
export async function residentMiBOf(pid: number | undefined): Promise<number> {
  const status = pid === undefined ? '' : await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

/** Of each process. */
export async function memoryOf(processes: Record<string, number | undefined>): Promise<Record<string, number>> {
  const resident = Object.entries(processes).map(async ([name, pid]) => [name, await residentMiBOf(pid)] as const)
  return rounded(Object.fromEntries(await Promise.all(resident)))
}

/** The newest process of that name. */
export async function pidOf(name: string): Promise<number | undefined> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')))
  const found = pids.filter((_, index) => names[index]!.trim() === name)
  return found.length === 0 ? undefined : Math.max(...found)
}
