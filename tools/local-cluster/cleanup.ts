import { rm } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeCgroup } from './cgroups.ts'
import { removeK3s } from './k3s.ts'
import { killMarked } from './processes.ts'
import { linkName } from './sandbox.ts'
import type { State } from './state.ts'

/**
 * Removes everything that a cluster of this name left: also one that was killed half-way. Mounts, pod links and
 * iptables rules are the sandbox's and go with its last process.
 */
export async function cleanUp(state: State): Promise<void> {
  await removeK3s(state)
  await killAll(state)
  if (process.platform === 'linux' && process.getuid?.() === 0) await removeCgroup(state)
  await killAll(state) // a shim may have begun something for a container that died
  await untilLinkIsGone(state)
  await rm(state.dir, { recursive: true, force: true, maxRetries: 5 })
}

/** Again and again: what is about to be killed may start something else. */
export async function killAll(state: State): Promise<void> {
  const deadline = Date.now() + 10_000
  while ((await killMarked(state)) > 0) {
    if (Date.now() > deadline) throw new Error(`processes of cluster ${state.name} do not die`)
    await sleep(20)
  }
}

/** The kernel takes namespaces apart in the background; a new cluster needs the name of the link. */
async function untilLinkIsGone(state: State): Promise<void> {
  const deadline = Date.now() + 10_000
  while (linkName(state) in networkInterfaces()) {
    if (Date.now() > deadline) throw new Error(`the network link ${linkName(state)} does not go away`)
    await sleep(20)
  }
}
