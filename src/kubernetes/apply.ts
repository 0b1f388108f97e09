import {
  type KubernetesObject,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
  type V1Ingress,
  type V1NetworkPolicy,
  type V1PersistentVolumeClaim,
  type V1Pod,
  type V1ResourceQuota,
  type V1RoleBinding,
  type V1Service,
} from '@kubernetes/client-node'
import { FIELD_MANAGER } from '../manifests/labels.ts'
import { isMerged } from '../manifests/merge.ts'
import type { Apis } from './connection.ts'
import { takesNoDryRun } from './errors.ts'

/** The kinds that are applied. The namespace, the Secret and the operations are written under their own rules. */
export type Appliable =
  | V1Deployment
  | V1Ingress
  | V1NetworkPolicy
  | V1PersistentVolumeClaim
  | V1ResourceQuota
  | V1RoleBinding
  | V1Service

/**
 * Server-side apply: creates the object or makes it say what the manifest says, under one field manager. `force`, because
 * what this service manages it owns; strict, because an unknown field is a mistake of ours that must not pass silently.
 * An object that was read before is merged where its kind wants it (see isMerged): what is null in the manifest goes.
 * @param resourceVersion the version that the manifest was decided on: if the object has changed since, nothing is written
 * @throws KubernetesError; a conflict (see isConflict) if the object has changed
 */
export async function apply<T extends Appliable>(apis: Apis, manifest: T, resourceVersion?: string): Promise<T> {
  const body = bodyOf(manifest, resourceVersion)
  const { name, namespace } = manifest.metadata as { name: string; namespace: string }
  const isPatch = resourceVersion !== undefined && isMerged(manifest.kind)
  return (await patchOf(apis, manifest)(
    {
      name,
      namespace,
      body,
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      ...(isPatch ? {} : { force: true }),
    },
    setHeaderOptions('Content-Type', isPatch ? PatchStrategy.MergePatch : PatchStrategy.ServerSideApply),
  )) as T
}

function bodyOf(manifest: Appliable | V1Pod, resourceVersion: string | undefined): KubernetesObject {
  const sent = manifest.kind === 'Deployment' ? withoutOldAccount(manifest as V1Deployment) : manifest
  return resourceVersion ? { ...sent, metadata: { ...sent.metadata, resourceVersion } } : sent
}

/**
 * The server copies a pod's account into the field that had its name before. It belongs to nobody there, outlives an apply that
 * leaves the account out, and brings the account back.
 */
function withoutOldAccount(deployment: V1Deployment): V1Deployment {
  const { template, ...spec } = deployment.spec!
  if (template.spec?.serviceAccountName !== undefined) return deployment
  const podSpec = { ...template.spec!, serviceAccount: '' }
  return { ...deployment, spec: { ...spec, template: { ...template, spec: podSpec } } }
}

/**
 * Has the API server judge an object as if it were applied; nothing is changed. As a patch, because what client-node creates
 * loses the fields that it does not know, and a misspelt one would pass.
 * @param resourceVersion of the live object that it is judged on
 * @returns the object as it would be stored
 * @throws KubernetesError with what the API server does not like
 */
export async function dryRun<T extends Appliable | V1Pod>(
  apis: Apis,
  manifest: T,
  resourceVersion?: string,
): Promise<T> {
  const body = bodyOf(manifest, resourceVersion)
  const { name, namespace } = manifest.metadata as { name: string; namespace: string }
  return (await patchOf(apis, manifest)(
    { name, namespace, body, fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', force: true, dryRun: 'All' },
    setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
  )) as T
}

/** The same, where all webhooks take dry runs. @returns undefined where one does not, so that nobody knows */
export async function dryRunIfTaken<T extends Appliable>(
  apis: Apis,
  manifest: T,
  resourceVersion?: string,
): Promise<T | undefined> {
  try {
    return await dryRun(apis, manifest, resourceVersion)
  } catch (error) {
    if (takesNoDryRun(error)) return undefined
    throw error
  }
}

/**
 * Has a Deployment replace pods one after the other. A merge patch, as an apply is refused where there are settings of a rolling
 * update. @returns the Deployment as it is, or would be, stored
 */
export async function setRecreate(
  { apps }: Apis,
  { name, namespace, resourceVersion }: { name: string; namespace: string; resourceVersion: string },
  dryRun = false,
): Promise<V1Deployment> {
  const strategy = { type: 'Recreate', rollingUpdate: null }
  const body = { metadata: { resourceVersion }, spec: { strategy } }
  return apps.patchNamespacedDeployment(
    { name, namespace, body, fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: 'All' } : {}) },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  )
}

/**
 * Merges metadata into an object as it was read: what is null goes, lists are replaced.
 * @throws KubernetesError; a conflict (see isConflict) if the object has changed since
 */
export async function mergeMetadata(apis: Apis, { kind, metadata }: Appliable, change: object): Promise<void> {
  const { name, namespace, resourceVersion } = metadata as { name: string; namespace: string; resourceVersion: string }
  await patchOf(apis, { kind: kind! })(
    {
      name,
      namespace,
      body: { metadata: { resourceVersion, ...change } },
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
    },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  )
}

type Patch = (
  param: {
    name: string
    namespace: string
    body: unknown
    fieldManager: string
    force?: boolean
    fieldValidation: string
    dryRun?: string
  },
  options: ReturnType<typeof setHeaderOptions>,
) => Promise<KubernetesObject>

function patchOf({ apps, core, networking, rbac }: Apis, { kind }: { kind?: string }): Patch {
  switch (kind) {
    case 'Deployment':
      return apps.patchNamespacedDeployment.bind(apps)
    case 'Ingress':
      return networking.patchNamespacedIngress.bind(networking)
    case 'NetworkPolicy':
      return networking.patchNamespacedNetworkPolicy.bind(networking)
    case 'PersistentVolumeClaim':
      return core.patchNamespacedPersistentVolumeClaim.bind(core)
    case 'Pod':
      return core.patchNamespacedPod.bind(core)
    case 'ResourceQuota':
      return core.patchNamespacedResourceQuota.bind(core)
    case 'RoleBinding':
      return rbac.patchNamespacedRoleBinding.bind(rbac)
    case 'Service':
      return core.patchNamespacedService.bind(core)
    default:
      throw new Error(`objects of kind ${kind} are not applied`)
  }
}
