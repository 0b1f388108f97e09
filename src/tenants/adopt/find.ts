import type { Apis } from '../../kubernetes/connection.ts'
import { isAtWork, recordSelector } from '../../manifests/helm.ts'
import { namesFor } from '../../manifests/names.ts'
import type { Operator } from '../../manifests/role-binding.ts'
import { gather, orUndefined } from '../observe/gather.ts'
import type { Reason } from '../plan/plan.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Adoption } from './adoption.ts'
import type { Found } from './found.ts'

/** Reads all that Helm has put into a namespace, Secrets excepted. @returns undefined if there is no such namespace */
export async function findRelease(apis: Apis, userId: string): Promise<Found | undefined> {
  const { namespace } = namesFor(userId)
  const [observed, pods, claims] = await Promise.all([
    gather(apis, userId),
    apis.core.listNamespacedPod({ namespace }),
    apis.core.listNamespacedPersistentVolumeClaim({ namespace }),
  ])
  return observed && { ...observed, userId, pods: pods.items, claims: claims.items }
}

/**
 * What stands in the way in the Secrets of the namespace. To look at them takes a RoleBinding, which is made, so this is no part
 * of a dry run.
 */
export async function secretObstacles(
  { apis: { core }, repository, operator }: { apis: Apis; repository: TenantRepository; operator: Operator },
  { userId, release, desired }: Adoption,
): Promise<Reason[]> {
  const { namespace, secret } = namesFor(userId)
  const { name, key } = desired!.options.secret
  const read = () => orUndefined(core.readNamespacedSecret({ name: name ?? secret, namespace }))
  const list = async () =>
    (await core.listNamespacedSecret({ namespace, labelSelector: recordSelector(release!) })).items
  const holder = await repository.withGrant(userId, operator, read)
  const records = await repository.withGrant(userId, operator, list)
  const found: Reason[] = []
  if (holder?.data?.[key] === undefined) {
    found.push({ code: 'SecretMissing', message: `the Secret ${name ?? secret} with the entry ${key} is not there` })
  }
  if (records.length === 0) {
    const message = 'Helm keeps no record of the release in Secrets; a record elsewhere could still uninstall it'
    found.push({ code: 'NoHelmRecord', message })
  }
  if (records.some(isAtWork)) {
    found.push({ code: 'HelmAtWork', message: 'a Helm command is under way, or was cut off; end it or roll it back' })
  }
  return found
}
