import { type Appliable, mergeMetadata } from '../../kubernetes/apply.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { isAlreadyExists } from '../../kubernetes/errors.ts'
import { recordSelector, renderKeptRecord } from '../../manifests/helm.ts'
import { annotations } from '../../manifests/labels.ts'
import { namesFor } from '../../manifests/names.ts'
import type { Operator } from '../../manifests/role-binding.ts'
import { renderSecret } from '../../manifests/secret.ts'
import { orUndefined } from '../observe/gather.ts'
import { ownerAnnotation } from '../record/ownership.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { isMarked, takenFromHelm } from './ownership.ts'

type Deps = { apis: Apis; repository: TenantRepository; operator: () => Promise<Operator> }

/**
 * Takes what Helm has installed out of Helm's hands, without touching a pod: first Helm's records, for as long as they are there
 * `helm uninstall` deletes database, key and volume; then its marks on the objects. It can be cut off anywhere and begun again.
 * @throws KubernetesError; a conflict if another hand, such as Helm's, was at the same object
 */
export async function takeOver(deps: Deps, spec: Spec): Promise<true> {
  await keepRecords(deps, spec)
  await takeSecret(deps, spec)
  await takeObjects(deps, spec)
  await deps.repository.change(spec.userId, ({ spec: live }) =>
    live.helm === null || live.helm.taken ? live : { ...live, helm: { ...live.helm, taken: true } },
  )
  return true
}

/** Each record is kept as a copy before it is deleted; one that Helm has changed since it was copied is copied again. */
async function keepRecords({ apis: { core }, repository, operator }: Deps, { userId, helm }: Spec): Promise<void> {
  const { namespace } = namesFor(userId)
  const labelSelector = recordSelector(helm!.release)
  const list = async () => (await core.listNamespacedSecret({ namespace, labelSelector })).items
  for (const record of await repository.withGrant(userId, await operator(), list)) {
    const kept = renderKeptRecord(userId, record)
    try {
      await core.createNamespacedSecret({ namespace, body: kept })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      await core.replaceNamespacedSecret({ name: kept.metadata!.name!, namespace, body: kept })
    }
    const { name, uid, resourceVersion } = record.metadata as { name: string; uid: string; resourceVersion: string }
    await orUndefined(
      core.deleteNamespacedSecret({ name, namespace, body: { preconditions: { uid, resourceVersion } } }),
    )
  }
}

/** The key stays as it is; the Secret from now on says whose it is. Where the key is elsewhere, one is made that says so. */
async function takeSecret({ apis: { core }, repository, operator }: Deps, spec: Spec): Promise<void> {
  const { userId, operation, desired } = spec
  const { namespace, secret: name } = namesFor(userId)
  const live = await repository.readSecret(userId, await operator())
  const isKeyElsewhere = desired.options.secret.name !== null
  if (live?.metadata?.annotations?.[annotations.operation] !== undefined) return
  const own = renderSecret(userId, undefined, ownerAnnotation(operation))
  if (live !== undefined) {
    const { type, immutable, data = {} } = live
    const kept = { ...(type && { type }), ...(immutable && { immutable }), data }
    const metadata = { ...own.metadata, resourceVersion: live.metadata!.resourceVersion! }
    await core.replaceNamespacedSecret({ name, namespace, body: { ...own, ...kept, metadata } })
  } else if (isKeyElsewhere) await core.createNamespacedSecret({ namespace, body: own })
}

async function takeObjects({ apis }: Deps, { userId }: Spec): Promise<void> {
  for (const object of await marked(apis, userId)) await mergeMetadata(apis, object, takenFromHelm(object))
}

/** The tenant's objects that bear Helm's marks. A claim of another name is its operator's. */
async function marked({ core, apps, networking }: Apis, userId: string): Promise<Appliable[]> {
  const { namespace, fullname: name } = namesFor(userId)
  const object = { name, namespace }
  const live = await Promise.all([
    orUndefined(apps.readNamespacedDeployment(object)),
    orUndefined(core.readNamespacedPersistentVolumeClaim(object)),
    orUndefined(core.readNamespacedService(object)),
    orUndefined(core.readNamespacedResourceQuota(object)),
    orUndefined(networking.readNamespacedNetworkPolicy(object)),
    orUndefined(networking.readNamespacedIngress(object)),
  ])
  return live.filter((one) => one !== undefined).filter(({ metadata }) => isMarked(metadata ?? {}))
}
