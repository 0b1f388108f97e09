import { bytesOf } from '../../sizing/quantity.ts'
import type { Spec } from '../record/spec.ts'
import { claimSizes, databaseResources, type Observed, podOnNode } from './observed.ts'

/** What tenants were promised and what they have, in bytes. */
export type Sizes = { ram: { promised: number; inForce: number }; storage: { promised: number; inForce: number } }

export const NO_SIZES: Sizes = { ram: { promised: 0, inForce: 0 }, storage: { promised: 0, inForce: 0 } }

/** A deleted tenant was promised its storage still, until it is purged; a suspended one its RAM too. */
export function sizesOf({ desired, deletedAt }: Spec, { pods, claim }: Observed): Sizes {
  const pod = podOnNode(pods)
  const bytes = (quantity: string | undefined) => Number(bytesOf(quantity) ?? 0n)
  return {
    ram: {
      promised: deletedAt === null ? bytes(desired.ramSize) : 0,
      inForce: pod ? bytes(databaseResources(pod).limits?.memory) : 0,
    },
    storage: { promised: bytes(desired.storageSize), inForce: Number(claimSizes(claim).capacity) },
  }
}

/** @param sign -1: without them */
export function plus(sizes: Sizes, { ram, storage }: Sizes, sign: 1 | -1 = 1): Sizes {
  const sum = (one: Sizes['ram'], other: Sizes['ram']) => {
    return { promised: one.promised + sign * other.promised, inForce: one.inForce + sign * other.inForce }
  }
  return { ram: sum(sizes.ram, ram), storage: sum(sizes.storage, storage) }
}
