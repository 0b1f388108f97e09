import { type Appliable, apply, dryRunIfTaken, setRecreate } from '../../kubernetes/apply.ts'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isRefused } from '../../kubernetes/errors.ts'
import { namesFor } from '../../manifests/names.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { takeOver } from '../adopt/take-over.ts'
import { allotmentsWith } from '../billing/allotted.ts'
import type { UsageArchive } from '../billing/archive.ts'
import type { Admission } from '../decide/admission.ts'
import type { Act } from '../decide/decide.ts'
import { KeyLostError, promoteKey } from '../record/key-rotation.ts'
import type { OperationLog } from '../record/operation-log.ts'
import { committedBy } from '../record/ownership.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { committed } from '../record/transitions.ts'
import {
  correctCount,
  deletePod,
  deleteReplicaSet,
  patchReplicaSet,
  resizePod,
  wakeReplicaSet,
} from './act-on-workloads.ts'

export type ActDeps = {
  apis: Apis
  repository: TenantRepository
  /** Who this service is in the cluster; asked of the API server once. */
  serviceIdentity: () => Promise<ServiceIdentity>
  capabilities: () => Promise<Capabilities>
  operations: Pick<OperationLog, 'allotments'>
  archive: Pick<UsageArchive, 'keep'>
}

/**
 * Does the acts of one decision, which are independent of each other, at once.
 * @param admissions is told what the cluster makes of manifests
 * @returns whether there is more to be done after them, and whether that has to wait for somebody else
 * @throws KubernetesError, NotAcceptedError
 */
export async function act(
  deps: ActDeps,
  spec: Spec,
  acts: readonly Act[],
  admissions: Map<string, Admission>,
): Promise<boolean | 'wait'> {
  // All of them end, so that nothing is still being written when the tenant is looked at again.
  const ended = await Promise.allSettled(acts.map((one) => doAct(deps, spec, one, admissions)))
  const results = ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
  return results.includes('wait') ? 'wait' : results.every(Boolean)
}

async function doAct(
  deps: ActDeps,
  spec: Spec,
  one: Act,
  admissions: Map<string, Admission>,
): Promise<boolean | 'wait'> {
  switch (one.do) {
    case 'commit':
      return commit(deps, spec)
    case 'take-over':
      return takeOver(deps, spec)
    case 'promote-key':
      return promote(deps, spec, one)
    case 'apply':
      return applyOne(deps, one, admissions)
    case 'dry-run':
      return tryOne(deps, one, admissions)
    case 'set-recreate':
      await setRecreate(deps.apis, { ...one, namespace: namesFor(spec.userId).namespace })
      return true
    case 'resize-pod':
      return resizePod(deps, spec, one)
    case 'patch-replica-set':
      return patchReplicaSet(deps, spec, one)
    case 'delete':
      return deleteOne(deps, spec, one)
    case 'delete-replica-set':
      return deleteReplicaSet(deps, spec, one)
    case 'wake-replica-set':
      return wakeReplicaSet(deps, spec, one)
    case 'correct-count':
      return correctCount(deps, spec, one)
    case 'delete-pod':
      return deletePod(deps, spec, one)
    case 'delete-namespace':
      return deleteNamespace(deps, spec, one)
  }
}

/** Only what its Secret proves to be a tenant is one. @returns false if there is no Secret: a create was cut off */
async function commit({ repository, serviceIdentity }: ActDeps, { userId }: Spec): Promise<boolean> {
  const owner = committedBy((await repository.readSecret(userId, await serviceIdentity()))?.metadata?.annotations)
  if (owner === undefined) return false
  await repository.change(userId, ({ spec }) => (spec.committed ? spec : committed(spec, owner)))
  return true
}

async function promote(
  deps: ActDeps,
  { userId, operation }: Spec,
  { operationId }: Act & { do: 'promote-key' },
): Promise<boolean> {
  try {
    await promoteKey(deps, userId, operationId)
  } catch (error) {
    // A newer operation goes on with the key that is in force.
    if (!(error instanceof KeyLostError) || operation.id === operationId) throw error
  }
  await deps.repository.change(userId, ({ spec }) =>
    spec.pendingKey === operationId ? { ...spec, pendingKey: null } : spec,
  )
  return true
}

async function applyOne(
  { apis }: ActDeps,
  { object, resourceVersion }: Act & { do: 'apply' },
  admissions: Map<string, Admission>,
): Promise<boolean> {
  const written = await apply(apis, object, resourceVersion).catch(async (error: unknown) => {
    if (resourceVersion === undefined && isRefused(error) && (await isMadeMeanwhile(apis, object))) return undefined
    throw error
  })
  if (written === undefined) return true
  // Nothing has changed, so this is what the cluster makes of it.
  if (resourceVersion !== undefined && written.metadata?.resourceVersion === resourceVersion) {
    admissions.set(written.metadata.uid!, { resourceVersion, manifest: JSON.stringify(object), stored: written })
  }
  return true
}

/** A claim that was to be made and is there: by another replica, for other sizes. It cannot be changed before it is bound. */
async function isMadeMeanwhile({ core }: Apis, { kind, metadata }: Appliable): Promise<boolean> {
  if (kind !== 'PersistentVolumeClaim') return false
  const { name, namespace } = metadata as { name: string; namespace: string }
  return (await ignoreNotFound(core.readNamespacedPersistentVolumeClaim({ name, namespace }))) !== undefined
}

async function tryOne(
  { apis }: ActDeps,
  { object, uid, resourceVersion }: Act & { do: 'dry-run' },
  admissions: Map<string, Admission>,
): Promise<boolean> {
  const manifest = JSON.stringify(object)
  admissions.set(uid, { resourceVersion, manifest, stored: await dryRunIfTaken(apis, object, resourceVersion) })
  return true
}

/** Strategic merge: a JSON merge would replace the whole list of containers. */
async function deleteOne({ apis }: ActDeps, { userId }: Spec, { kind, name, uid }: Act & { do: 'delete' }) {
  const request = { name, namespace: namesFor(userId).namespace, body: { preconditions: { uid } } }
  const { networking, rbac } = apis
  const deletions = {
    Ingress: () => networking.deleteNamespacedIngress(request),
    NetworkPolicy: () => networking.deleteNamespacedNetworkPolicy(request),
    RoleBinding: () => rbac.deleteNamespacedRoleBinding(request),
  }
  await ignoreNotFound<unknown>(deletions[kind]())
  return true
}

/** What the tenant was given goes with its namespace, and the bill may be due later. */
async function deleteNamespace(deps: ActDeps, spec: Spec, { uid }: Act & { do: 'delete-namespace' }) {
  const { apis, operations, archive } = deps
  const { userId, committed } = spec
  const { namespace } = namesFor(userId)
  if (committed) await archive.keep(spec, allotmentsWith(await operations.allotments(userId), spec))
  await ignoreNotFound(apis.core.deleteNamespace({ name: namespace, body: { preconditions: { uid } } }))
  return true
}
