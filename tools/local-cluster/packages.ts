import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../report.ts'
import { run, runs } from './run.ts'

/** What a node needs beside the binaries built here: Debian's name of the package, and how to tell that it is there. */
const needed: { package: string; found: () => boolean }[] = [
  // The command decides, not the package: Docker's own packages bring containerd and runc too, and conflict with these.
  { package: 'containerd', found: () => hasCommand('containerd') && hasCommand('ctr') },
  { package: 'runc', found: () => hasCommand('runc') },
  { package: 'containernetworking-plugins', found: () => cniPlugins() !== undefined },
  { package: 'iptables', found: () => hasCommand('iptables') },
  { package: 'iproute2', found: () => hasCommand('ip') },
  { package: 'util-linux', found: () => hasCommand('nsenter') && hasCommand('unshare') },
]

/** Installs what is missing where that is possible. Answers what then still is. */
export async function installPackages(report: Report): Promise<string[]> {
  if (missing().length > 0 && (await runs('apt-get', ['--version']))) await install(missing(), report)
  return missing()
}

function missing(): string[] {
  return needed.filter(({ found }) => !found()).map((entry) => entry.package)
}

async function install(packages: string[], report: Report): Promise<void> {
  report('Install packages', packages.join(', '))
  const args = [
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '--yes',
    '--no-install-recommends',
    '--no-remove',
    'install',
  ]
  if (await runs('env', [...args, ...packages])) return
  report('Install packages', 'after a look at the package lists')
  try {
    await run('apt-get', ['update'])
    await run('env', [...args, ...packages])
  } catch (error) {
    report('Install packages', `not possible: ${(error as Error).message}`) // a cluster without a node needs none of them
  }
}

function hasCommand(name: string): boolean {
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, name)))
}

/** Where Debian, and where everybody else, puts the CNI plugins; undefined if they are not installed. */
export function cniPlugins(): string | undefined {
  return ['/usr/lib/cni', '/opt/cni/bin'].find((folder) => existsSync(join(folder, 'ptp')))
}
