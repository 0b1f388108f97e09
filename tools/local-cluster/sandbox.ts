import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { canMakeCgroups } from './cgroups.ts'
import type { Network } from './control-plane.ts'
import { withLock } from './lock.ts'
import { kill, start, waitUntil } from './processes.ts'
import { run } from './run.ts'
import type { State } from './state.ts'

/**
 * The node's own network and mount namespaces. All that containerd, kubelet and kube-proxy do to a machine (mounts,
 * interfaces, iptables rules, sockets under /run) happens in them, and the kernel undoes it when their last process is
 * gone, even after a SIGKILL. It is also what lets several clusters run side by side: the KUBE-SERVICES chains of two
 * kube-proxies in one network namespace would flush each other.
 *
 * The machine sees one link per cluster. Over it go the routes to pods and Services, so that both answer from outside.
 */
export type Sandbox = { pid: number; network: Network; node: string; pods: string }

/** Why this machine, though its user is root, can have no sandbox; undefined if it can. */
export async function whyNoSandbox(): Promise<string | undefined> {
  const attempt = 'mount -t tmpfs tmpfs /mnt && ip link add name end1 type veth peer name end2'
  try {
    await run('unshare', ['--net', '--mount', 'sh', '-ec', attempt])
  } catch (error) {
    return `a node needs namespaces of its own, and this machine does not allow them (${(error as Error).message})`
  }
  return (await canMakeCgroups()) ? undefined : 'this machine allows no new cgroups, which a node needs'
}

export async function makeSandbox(state: State): Promise<Sandbox> {
  const anchor = await start(state, 'sandbox', ['unshare', '--net', '--mount', 'sh', '-ec', await setUp(state)])
  await waitUntil(state, anchor, 10, async () => existsSync(ready(state)))
  try {
    return { pid: anchor.pid, ...(await link(state, anchor.pid)) }
  } catch (error) {
    await kill(state, 'sandbox')
    throw error
  }
}

/** The command that runs a command in the sandbox of this process. It becomes that command: the process id stays. */
export function inside(pid: number, command: string[]): string[] {
  return ['nsenter', `--target=${pid}`, '--net', '--mount', ...command]
}

export async function runInside(pid: number, command: string[]): Promise<string> {
  const [program, ...args] = inside(pid, command)
  return run(program!, args)
}

/** Who enters before the mounts are made would write into the machine's own folders. */
function ready(state: State): string {
  return state.path('sandbox-is-ready')
}

/** The script that prepares the namespaces and then keeps them open. */
async function setUp(state: State): Promise<string> {
  const tunables = await Promise.all(kernelTunables.map((tunable) => copyOf(state, tunable)))
  return [
    'ip link set lo up',
    'mount -t tmpfs tmpfs /run',
    ...fixedFolders.map((folder) => `mkdir -p ${folder} && mount -t tmpfs tmpfs ${folder}`),
    `mkdir -p '${state.path('kubelet')}' /var/lib/kubelet && mount --bind '${state.path('kubelet')}' /var/lib/kubelet`,
    ...tunables.map(({ copy, original }) => `mount --bind '${copy}' ${original}`),
    `touch '${ready(state)}'`,
    'exec sleep infinity',
  ].join('\n')
}

/** kubelet's links to logs, and the CNI library's cache: no option moves them. */
const fixedFolders = ['/var/log/containers', '/var/lib/cni']

/**
 * kubelet sets these for the whole machine and never sets them back: how it overcommits memory, whether it panics. In
 * the sandbox they are ordinary files.
 */
const kernelTunables = [
  '/proc/sys/vm/overcommit_memory',
  '/proc/sys/vm/panic_on_oom',
  '/proc/sys/kernel/panic',
  '/proc/sys/kernel/panic_on_oops',
  '/proc/sys/kernel/keys/root_maxkeys',
  '/proc/sys/kernel/keys/root_maxbytes',
]

async function copyOf(state: State, original: string) {
  await mkdir(state.path('tunables'), { recursive: true })
  const copy = state.path('tunables', basename(original))
  await writeFile(copy, await readFile(original, 'utf8')) // copyFile takes the size from stat, which is 0 here
  return { copy, original }
}

/** Joins the sandbox to the machine by a pair of network interfaces. They vanish with the sandbox. */
async function link(state: State, pid: number): Promise<Omit<Sandbox, 'pid'>> {
  const within = (...args: string[]) => runInside(pid, ['ip', ...args])
  const outside = (...args: string[]) => run('ip', args)
  const device = linkName(state)
  return withLock(
    'addresses',
    () => {},
    async () => {
      const { host, node, pods, services } = await freeAddresses()
      await outside('link', 'add', device, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', `${pid}`)
      await outside('addr', 'add', `${host}/30`, 'dev', device)
      await outside('link', 'set', device, 'up')
      await within('addr', 'add', `${node}/30`, 'dev', 'uplink')
      await within('link', 'set', 'uplink', 'up')
      await within('route', 'add', 'default', 'via', host)
      await outside('route', 'add', pods, 'via', node)
      await outside('route', 'add', services, 'via', node)
      return { network: { address: host, services }, node, pods }
    },
  )
}

export function linkName(state: State): string {
  return `flx${state.mark}` // an interface's name has at most 15 characters
}

/** Two /16 networks that no route of this machine leads into, so that clusters and whatever else is there keep apart. */
async function freeAddresses() {
  const routes: { dst: string }[] = JSON.parse(await run('ip', ['-json', '-4', 'route', 'show', 'table', 'all']))
  const taken = (second: number) => routes.some(({ dst }) => dst.startsWith(`10.${second}.`))
  for (let n = 100; n < 150; n++) {
    if (taken(n) || taken(n + 50)) continue
    const services = `10.${n + 50}.0.0/16`
    return { pods: `10.${n}.0.0/17`, host: `10.${n}.255.1`, node: `10.${n}.255.2`, services }
  }
  throw new Error('no free network addresses between 10.100.0.0 and 10.199.255.255')
}
