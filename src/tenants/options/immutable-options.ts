import type { FieldError } from '../../errors.ts'
import type { Options } from '../../manifests/options.ts'

/** What a tenant is made with stays: Kubernetes changes no claim's class, and data and key do not move by themselves. */
const FIXED: readonly (readonly [pointer: string, of: (options: Options) => unknown])[] = [
  ['storage/enabled', ({ storage }) => storage.enabled],
  ['storage/storageClass', ({ storage }) => storage.storageClass],
  ['storage/existingClaim', ({ storage }) => storage.existingClaim],
  ['secret/name', ({ secret }) => secret.name],
  ['secret/key', ({ secret }) => secret.key],
]

/** Options that differ and cannot be changed on a tenant that exists. */
export function changedForGood(from: Options, to: Options): FieldError[] {
  return FIXED.filter(([, of]) => of(from) !== of(to)).map(([pointer, of]) => ({
    pointer: `/options/${pointer}`,
    message: `is ${JSON.stringify(of(from))} since the tenant was created and cannot be changed`,
  }))
}
