import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from './run.ts'
import type { State } from './state.ts'

/**
 * Every process of a cluster carries the cluster's folder in its environment, and so do the processes that it starts
 * (containerd's shims). That mark, not a process id in a file, decides what may be killed.
 */
const mark = 'FLUXIONDB_LOCAL_CLUSTER'

export type Process = { component: string; pid: number; command: string[]; log: string }

/** Starts a component that outlives this process. Its arguments are kept, so that `startAgain` needs no others. */
export async function start(state: State, component: string, command: string[]): Promise<Process> {
  await mkdir(state.path('logs'), { recursive: true })
  const log = state.path('logs', `${component}.log`)
  const file = await open(log, 'a')
  const child = spawn(command[0]!, command.slice(1), {
    detached: true,
    stdio: ['ignore', file.fd, file.fd],
    cwd: state.dir,
    // Not the caller's: a proxy variable would lead the API server's webhook calls astray.
    env: { PATH: pathVariable(), HOME: state.dir, [mark]: state.dir },
  })
  await once(child, 'spawn').finally(() => file.close())
  child.unref()
  const process = { component, pid: child.pid!, command, log }
  await record(state, process)
  return process
}

export async function startAgain(state: State, component: string): Promise<Process> {
  await kill(state, component)
  return start(state, component, (await recorded(state, component)).command)
}

/** SIGKILL, and wait until it is gone. Does nothing if it does not run. */
export async function kill(state: State, component: string): Promise<void> {
  const { pid } = await recorded(state, component)
  while (await runsFor(state, pid)) {
    signal(pid)
    await sleep(20)
  }
}

/** The components that were started and still run. */
export async function running(state: State): Promise<Record<string, number>> {
  const pids: Record<string, number> = {}
  for (const { component, pid } of await all(state)) if (await runsFor(state, pid)) pids[component] = pid
  return pids
}

/** Every component that was started, whether it runs or not. */
export async function all(state: State): Promise<Process[]> {
  const files = await readdir(state.path('processes')).catch(ifMissing([]))
  return Promise.all(files.filter((f) => f.endsWith('.json')).map((f) => recorded(state, f.slice(0, -5))))
}

/** Waits until `ready` says so. Fails with the end of the component's log if it dies first or takes too long. */
export async function waitUntil(state: State, process: Process, seconds: number, ready: () => Promise<boolean>) {
  const deadline = Date.now() + seconds * 1000
  while (!(await ready())) {
    const dead = !(await runsFor(state, process.pid))
    if (dead || Date.now() > deadline) {
      const lines = (await readFile(process.log, 'utf8')).trimEnd().split('\n').slice(-15)
      const what = dead ? 'ended' : `was not ready after ${seconds} s`
      throw new Error(`${process.component} ${what}. The end of ${process.log}:\n${lines.join('\n')}`)
    }
    await sleep(50)
  }
}

/** Kills all processes with the cluster's mark, whoever started them. Returns how many there were. */
export async function killMarked(state: State): Promise<number> {
  const pids = await marked(state)
  pids.forEach(signal)
  return pids.length
}

async function marked(state: State): Promise<number[]> {
  if (process.platform !== 'linux') return markedByPs(state)
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
  return (await Promise.all(pids.map(async (pid) => ((await runsFor(state, pid)) ? [pid] : [])))).flat()
}

/** For k3s on macOS, where the volumes process is the only one. Untried, as k3s is. */
async function markedByPs(state: State): Promise<number[]> {
  const lines = (await run('ps', ['-axwwE', '-o', 'pid=,command='])).split('\n').map((line) => line.trim().split(' '))
  return lines.filter((words) => words.includes(`${mark}=${state.dir}`)).map(([pid]) => Number(pid))
}

/** Whether this process runs (a zombie does not) and carries the cluster's mark. */
async function runsFor(state: State, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return (await markedByPs(state)).includes(pid)
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(ifMissing(''))
  return environment.split('\0').includes(`${mark}=${state.dir}`)
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function record(state: State, process: Process): Promise<void> {
  await mkdir(state.path('processes'), { recursive: true })
  const file = state.path('processes', `${process.component}.json`)
  await writeFile(`${file}.new`, JSON.stringify(process, null, 2))
  await rename(`${file}.new`, file)
}

async function recorded(state: State, component: string): Promise<Process> {
  return JSON.parse(await readFile(state.path('processes', `${component}.json`), 'utf8'))
}

/** sbin: iptables and ip are there, and a user's PATH often leaves it out. */
function pathVariable(): string {
  return `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`
}

/** A process may end between two reads, and those of other users cannot be read (and are not ours). */
function ifMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code ?? '')) return value
    throw error
  }
}
