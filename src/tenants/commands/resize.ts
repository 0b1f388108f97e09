import type { V1PersistentVolumeClaim, V1StorageClass } from '@kubernetes/client-node'
import { problem } from '../../errors.ts'
import { namesFor } from '../../manifests/names.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { orUndefined } from '../gather.ts'
import { claimSizes } from '../observed.ts'
import { type Spec, withOperation } from '../spec.ts'
import { type Changed, type ChangeOptions, changeTenant, refuseDeleted, refusePurged } from './change.ts'
import type { Caller, TenantContext } from './context.ts'
import { ramOf, sizesFor } from './sizes.ts'

/**
 * Gives a tenant another RAM size; CPU and storage follow, storage never shrinks.
 * @throws Problem: the size is not allowed, the tenant is deleted, its volume is known not to grow
 */
export async function resizeTenant(
  context: TenantContext,
  userId: string,
  ramSize: string,
  caller: Caller,
  options: ChangeOptions,
): Promise<Changed & { notes: string[] }> {
  const ram = ramOf(ramSize, context, caller)
  const notes: string[] = []
  const changed = await changeTenant(context, userId, 'resize', caller, options, async (live, operation) => {
    const { spec } = live
    refusePurged(live)
    refuseDeleted(spec)
    const claim = await readClaim(context, userId)
    const sizes = sizesFor(ram, context, largest(bytesOf(spec.desired.storageSize)!, claimSizes(claim).requested))
    if (isEqual(spec, sizes)) return spec
    const obstacle = claim && (await whyNotGrowing(context, claim, bytesOf(sizes.storageSize)!))
    if (obstacle) throw problem('not-feasible', obstacle)
    const needed = sizesFor(ram, context).storageSize
    if (needed !== sizes.storageSize) {
      notes.splice(
        0,
        1,
        `Storage stays at ${sizes.storageSize}, as a volume cannot shrink; this RAM size needs ${needed}.`,
      )
    }
    return withOperation(spec, operation, { desired: { ...spec.desired, ...sizes } })
  })
  return { ...changed, notes }
}

const largest = (a: bigint, b: bigint) => (a > b ? a : b)

/** Whether the tenant shall have these sizes already, and is not about to give them up. */
function isEqual({ desired, operation }: Spec, sizes: ReturnType<typeof sizesFor>): boolean {
  return (
    operation.state !== 'failed' &&
    desired.ramSize === sizes.ramSize &&
    desired.storageSize === sizes.storageSize &&
    desired.cpu.request === sizes.cpu.request &&
    desired.cpu.limit === sizes.cpu.limit
  )
}

async function readClaim({ apis }: TenantContext, userId: string): Promise<V1PersistentVolumeClaim | undefined> {
  const { fullname: name, namespace } = namesFor(userId)
  return orUndefined(apis.core.readNamespacedPersistentVolumeClaim({ name, namespace }))
}

/** Why a claim is known not to grow to a size (bytes); undefined if nothing is known against it, or it need not grow. */
async function whyNotGrowing(
  { apis }: TenantContext,
  claim: V1PersistentVolumeClaim,
  wanted: bigint,
): Promise<string | undefined> {
  const { requested } = claimSizes(claim)
  if (wanted <= requested) return undefined
  const growth = `The volume would have to grow from ${formatBytes(requested)} to ${formatBytes(wanted)}`
  if (claim.status?.phase !== 'Bound') return `${growth}, but its claim is ${claim.status?.phase ?? 'not bound'}.`
  const name = claim.spec?.storageClassName
  const storageClass = name ? await orUndefined<V1StorageClass>(apis.storage.readStorageClass({ name })) : undefined
  if (storageClass?.allowVolumeExpansion) return undefined
  return `${growth}, but its storage class ${JSON.stringify(name ?? '')} does not allow expansion.`
}
