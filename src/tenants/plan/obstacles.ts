import type { Desired } from '../../manifests/desired.ts'
import { leastStorageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import type { Reason } from '../record/plan.ts'
import type { Placement } from './placement.ts'
import type { Facts } from './plan.ts'

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

/** Why a new pod would find no node now. An autoscaler could still make one, so a caller may insist. */
export function roomObstacles(
  { ramSize, cpu }: Desired,
  placement: Placement | undefined,
  isForced: boolean,
): Reason[] {
  if (placement === undefined) return []
  const { state, nodes } = placement
  if (state === 'fits' || state === 'preempts') return []
  const size = `${ramSize} of RAM and ${cpu.request} of CPU`
  const found = {
    unusable: { code: 'NoUsableNode', message: 'no node can be used for the new pod' },
    small: { code: 'NoNodeLargeEnough', message: `no node can hold ${size}` },
    full: { code: 'NoRoom', message: `no node has room for ${size} now, so the new pod would not start` },
  }[state]
  const message = `${found.message} (nodes: ${nodes})`
  return [{ ...found, message: isForced ? message : `${message}; ${INSIST}` }]
}

const INSIST = 'an autoscaler may make room: force=true makes the change all the same'

/** What a caller should know of a change that is made all the same. */
export function notes(
  from: Desired,
  to: Desired,
  { node, usage, placement }: Facts,
  pod: 'kept' | 'resized' | 'replaced',
): Reason[] {
  const ram = bytesOf(to.ramSize)!
  const storage = bytesOf(to.storageSize)!
  const found: Reason[] = []
  const add = (code: string, message: string) => found.push({ code, message })
  if (from.ramSize !== to.ramSize && storage > leastStorageFor(ram) && to.options.storage.size === null) {
    const needed = formatBytes(leastStorageFor(ram))
    add('StorageKept', `storage stays at ${to.storageSize}, as a volume cannot shrink; this RAM needs ${needed}`)
  }
  if (pod === 'resized' && node?.ever && !node.now) {
    add('NodeBusy', 'the node has no room now; the change waits for it, and is taken back if none comes in time')
  }
  if (pod === 'resized' && usage !== undefined && usage > ram) {
    add('UsageAboveLimit', `the database uses ${formatBytes(usage)} now; the change waits until it uses less`)
  }
  if (pod === 'replaced' && placement?.state === 'preempts') {
    add('Preempts', 'no node has room now; the scheduler ends pods of lower priority for the new one')
  }
  if (pod === 'replaced' && placement && placement.unjudged.length > 0) {
    const names = placement.unjudged.join(' and ')
    add('NotJudged', `which node takes the new pod depends on ${names} too, which is not judged here`)
  }
  return found
}
