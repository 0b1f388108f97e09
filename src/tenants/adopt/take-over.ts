import type { V1ObjectMeta, V1Secret } from '@kubernetes/client-node'
import { type Appliable, mergeMetadata } from '../../kubernetes/apply.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, isAlreadyExists } from '../../kubernetes/errors.ts'
import { CHART_LABEL, HELM_ANNOTATIONS, isAtWork, recordSelector, renderKeptRecord } from '../../manifests/helm.ts'
import { annotations } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { renderSecret } from '../../manifests/secret.ts'
import { ownerAnnotation } from '../record/ownership.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { isMarked, takenFromHelm } from './ownership.ts'

type Deps = { apis: Apis; repository: TenantRepository; serviceIdentity: () => Promise<ServiceIdentity> }

/**
 * Takes what Helm has installed out of Helm's hands, without touching a pod: first Helm's records, for as long as they are there
 * `helm uninstall` deletes database, key and volume; then its marks on the objects. It is asked for again until it has found that
 * nothing is Helm's, as a command that had begun before may have written meanwhile. It can be cut off anywhere and begun again.
 * @returns `wait` while a Helm command is under way: it would go on with half of what it needs. One that hangs is not waited for
 * after the deadline of the operation
 * @throws KubernetesError; a conflict if another hand, such as Helm's, was at the same object
 */
export async function takeOver(deps: Deps, spec: Spec): Promise<true | 'wait'> {
  const isLate = Date.parse(spec.operation.deadline) < Date.now()
  const [records, objects] = [await recordsOf(deps, spec), await marked(deps.apis, spec.userId)]
  if (!isLate && records.some(isAtWork)) return 'wait'
  if (records.length > 0 || objects.length > 0 || !(await isSecretTaken(deps, spec))) {
    for (const record of records) await keepRecord(deps.apis, spec.userId, record)
    await takeSecret(deps, spec)
    for (const object of objects) await mergeMetadata(deps.apis, object, takenFromHelm(object))
    return true
  }
  await deps.repository.change(spec.userId, ({ spec: live }) =>
    live.helm === null || live.helm.taken ? live : { ...live, helm: { ...live.helm, taken: true } },
  )
  return true
}

async function recordsOf(
  { apis: { core }, repository, serviceIdentity }: Deps,
  { userId, helm }: Spec,
): Promise<V1Secret[]> {
  const { namespace } = namesFor(userId)
  const labelSelector = recordSelector(helm!.release)
  const list = async () => (await core.listNamespacedSecret({ namespace, labelSelector })).items
  return repository.withGrant(userId, await serviceIdentity(), list)
}

/** A record is kept as a copy before it is deleted; one that Helm has changed since it was copied is copied again. */
async function keepRecord({ core }: Apis, userId: string, record: V1Secret): Promise<void> {
  const { namespace } = namesFor(userId)
  const kept = renderKeptRecord(userId, record)
  try {
    await core.createNamespacedSecret({ namespace, body: kept })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    await core.replaceNamespacedSecret({ name: kept.metadata!.name!, namespace, body: kept })
  }
  const { name, uid, resourceVersion } = record.metadata as { name: string; uid: string; resourceVersion: string }
  const preconditions = { uid, resourceVersion }
  await ignoreNotFound(core.deleteNamespacedSecret({ name, namespace, body: { preconditions } }))
}

/** The key stays as it is; the Secret from now on says whose it is. Where the key is elsewhere, one is made that says so. */
async function takeSecret({ apis: { core }, repository, serviceIdentity }: Deps, spec: Spec): Promise<void> {
  const { userId, operation, desired } = spec
  const { namespace, secret: name } = namesFor(userId)
  const live = await repository.readSecret(userId, await serviceIdentity())
  const own = renderSecret(userId, undefined, ownerAnnotation(operation))
  if (live !== undefined) {
    if (isTaken(live)) return
    const body = { ...live, metadata: withOwner(live.metadata!, own.metadata!) }
    await core.replaceNamespacedSecret({ name, namespace, body })
  } else if (desired.options.secret.name !== null) await core.createNamespacedSecret({ namespace, body: own })
}

/** One that is missing is no matter of Helm's: the condition `SecretMissing` tells of it. */
async function isSecretTaken({ repository, serviceIdentity }: Deps, { userId, desired }: Spec): Promise<boolean> {
  const live = await repository.readSecret(userId, await serviceIdentity())
  return live === undefined ? desired.options.secret.name === null : isTaken(live)
}

function isTaken({ metadata }: V1Secret): boolean {
  return metadata?.annotations?.[annotations.operation] !== undefined && !isMarked(metadata)
}

/** What others have put there, such as an operator that keeps the Secret in step with a vault, stays. */
function withOwner(live: V1ObjectMeta, own: V1ObjectMeta): V1ObjectMeta {
  const without = (map: Record<string, string> = {}, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)))
  return {
    ...live,
    labels: { ...without(live.labels, [CHART_LABEL]), ...own.labels },
    annotations: { ...without(live.annotations, HELM_ANNOTATIONS), ...own.annotations },
  }
}

/** The tenant's objects that bear Helm's marks. A claim of another name is its operator's. */
async function marked({ core, apps, networking }: Apis, userId: string): Promise<Appliable[]> {
  const { namespace, fullname: name } = namesFor(userId)
  const object = { name, namespace }
  const live = await Promise.all([
    ignoreNotFound(apps.readNamespacedDeployment(object)),
    ignoreNotFound(core.readNamespacedPersistentVolumeClaim(object)),
    ignoreNotFound(core.readNamespacedService(object)),
    ignoreNotFound(core.readNamespacedResourceQuota(object)),
    ignoreNotFound(networking.readNamespacedNetworkPolicy(object)),
    ignoreNotFound(networking.readNamespacedIngress(object)),
  ])
  return live.filter((one) => one !== undefined).filter(({ metadata }) => isMarked(metadata ?? {}))
}
