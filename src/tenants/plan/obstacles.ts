import type { Desired } from '../../manifests/desired.ts'
import { leastStorageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes, millicoresOf } from '../../sizing/quantity.ts'
import type { Facts, Reason, Room } from './plan.ts'

/**
 * A volume that would have to grow and cannot. A claim that is missing or waits for its volume is none: it can grow once it is
 * bound, if its class lets it.
 */
export function volumeObstacles({ storageSize }: Desired, { claim }: Facts): Reason[] {
  if (claim === undefined) return []
  const from = claim.capacity === 0n ? '' : ` from ${formatBytes(claim.capacity)}`
  const wanted = `the volume would have to grow${from} to ${storageSize}`
  if (claim.phase === 'Lost') return [{ code: 'VolumeLost', message: `${wanted}, but it does not exist any more` }]
  if (claim.expandable || claim.capacity >= bytesOf(storageSize)!) return []
  const name = JSON.stringify(claim.storageClass ?? '')
  return [{ code: 'ClassNotExpandable', message: `${wanted}, but its storage class ${name} does not allow expansion` }]
}

/** Sizes that no node can ever hold; and for a restart, sizes for which no node has room now: the new pod would not start. */
export function roomObstacles(to: Desired, { node, elsewhere, runs }: Facts, restarts: boolean): Reason[] {
  if (!runs || node === undefined || elsewhere === undefined) return []
  const size = `${to.ramSize} of RAM and ${to.cpu.request} of CPU`
  if (!fits(to, node) && !elsewhere.some((one) => fits(to, one))) {
    return [{ code: 'NoNodeLargeEnough', message: `no node can hold ${size}` }]
  }
  if (restarts && !hasRoom(to, node) && !elsewhere.some((one) => hasRoom(to, one))) {
    return [{ code: 'NoRoom', message: `no node has room for ${size} now, so the new pod would not start` }]
  }
  return []
}

/** Whether a room could ever hold the size. */
export const fits = ({ ramSize, cpu }: Desired, room: Room) =>
  bytesOf(ramSize)! <= room.memory && millicoresOf(cpu.request)! <= room.cpu

/** Whether it has room for it now. */
const hasRoom = ({ ramSize, cpu }: Desired, room: Room) =>
  bytesOf(ramSize)! <= room.memoryFree && millicoresOf(cpu.request)! <= room.cpuFree

/** What a caller should know of a change that is made all the same. */
export function notes(to: Desired, { node, usage }: Facts, restarts: boolean): Reason[] {
  const ram = bytesOf(to.ramSize)!
  const storage = bytesOf(to.storageSize)!
  const found: Reason[] = []
  if (storage > leastStorageFor(ram) && to.options.storage.size === null) {
    const needed = formatBytes(leastStorageFor(ram))
    found.push({
      code: 'StorageKept',
      message: `storage stays at ${to.storageSize}, as a volume cannot shrink; this RAM needs ${needed}`,
    })
  }
  if (!restarts && node && fits(to, node) && !hasRoom(to, node)) {
    found.push({
      code: 'NodeBusy',
      message: 'the node has no room now; the change waits for it, and is taken back if none comes in time',
    })
  }
  if (!restarts && usage !== undefined && usage > ram) {
    found.push({
      code: 'UsageAboveLimit',
      message: `the database uses ${formatBytes(usage)} now; the change waits until it uses less`,
    })
  }
  return found
}
