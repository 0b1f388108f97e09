import type { V1Secret } from '@kubernetes/client-node'
import { decodeTime } from 'ulid'
import { problem } from '../../errors.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { namesFor } from '../../manifests/names.ts'
import { pendingKeyOf, promoted, withoutPendingKeys, withPendingKey } from '../../manifests/pending-key.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import type { Operation } from './operation.ts'
import { committedBy, ownerAnnotation } from './ownership.ts'
import type { TenantRepository } from './repository.ts'

/** No request takes so long: a key that has waited longer waits for nobody. */
const STALE_AFTER_MS = 3600_000

export type RotationDeps = { apis: Apis; repository: TenantRepository; serviceIdentity: () => Promise<ServiceIdentity> }

/** The key that a rotation was to put in force is not in the Secret any more. */
export class KeyLostError extends Error {
  override name = 'KeyLostError'
}

/** Puts the key of a rotation beside the one in force; nothing else changes. @throws problem `secret-missing`; KubernetesError */
export async function stageKey(deps: RotationDeps, userId: string, operation: Operation, key: string): Promise<void> {
  const live = await read(deps, userId)
  if (live === undefined) throw problem('secret-missing', 'The Secret of the tenant is gone; it must come back first.')
  if (pendingKeyOf(live, operation.id) !== key) {
    await write(deps, userId, withPendingKey(live, operation.id, ownerAnnotation(operation), key))
  }
}

/** Takes the key of a rotation that was refused out of the Secret again. */
export async function unstageKey(deps: RotationDeps, userId: string, operationId: string): Promise<void> {
  const live = await read(deps, userId)
  if (live === undefined || pendingKeyOf(live, operationId) === undefined) return
  await write(
    deps,
    userId,
    withoutPendingKeys(live, (id) => id === operationId.toLowerCase()),
  )
}

/**
 * Puts the key of a rotation in force, in the Secret only: the database takes it at its next start. Safe to repeat.
 * @throws KeyLostError; KubernetesError, a conflict (see isConflict) if somebody has changed the Secret meanwhile
 */
export async function promoteKey(deps: RotationDeps, userId: string, operationId: string): Promise<void> {
  const live = await read(deps, userId)
  if (committedBy(live?.metadata?.annotations)?.id === operationId) return
  const next = live && promoted(live, operationId, isStale)
  if (next === undefined)
    throw new KeyLostError('the new key is not in the Secret any more; the old one stays in force')
  await write(deps, userId, next)
}

function isStale(id: string): boolean {
  return Date.now() - decodeTime(id.toUpperCase()) > STALE_AFTER_MS
}

async function read({ repository, serviceIdentity }: RotationDeps, userId: string): Promise<V1Secret | undefined> {
  return repository.readSecret(userId, await serviceIdentity())
}

/** Under the version that was read. */
async function write({ apis }: RotationDeps, userId: string, body: V1Secret): Promise<void> {
  const { namespace, secret: name } = namesFor(userId)
  await apis.core.replaceNamespacedSecret({ name, namespace, body })
}
