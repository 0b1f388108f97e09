import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Report } from '../report.ts'

const run = promisify(execFile)
const bash = '/bin/bash-static'

/** A bash that needs no libraries, for images that have none. Debian's; installed if this process may. */
export async function findStaticBash(report: Report): Promise<string> {
  if (existsSync(bash)) return bash
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`${bash} is missing: install the Debian or Ubuntu package bash-static`)
  }
  report('installing bash-static')
  // The package list may be absent or too old, and to fetch it takes longer than to install.
  await install().catch(async () => {
    await aptGet('update')
    await install()
  })
  return bash
}

async function install(): Promise<void> {
  await aptGet('install', '--yes', '--no-install-recommends', 'bash-static')
}

async function aptGet(...args: string[]): Promise<void> {
  await run('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
