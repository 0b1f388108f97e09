import type { V1Secret } from '@kubernetes/client-node'
import { setRecreate } from '../../kubernetes/apply.ts'
import type { Apis } from '../../kubernetes/connection.ts'
import { ignoreNotFound, takesNoDryRun } from '../../kubernetes/errors.ts'
import { isAtWork, recordSelector, releaseOf } from '../../manifests/helm.ts'
import { namesFor } from '../../manifests/names.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { templateChanges } from '../decide/admission.ts'
import { gather } from '../observe/gather.ts'
import { isTerminating } from '../observe/observed.ts'
import type { Reason } from '../record/plan.ts'
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
 * Why the first write to the Deployment would start a new pod: a policy of the cluster rewrites pod templates. Found by a dry run;
 * a webhook that takes none leaves it open.
 */
export async function findRewriting(apis: Apis, { deployment }: Found): Promise<Reason[]> {
  if (deployment === undefined || isTerminating(deployment)) return []
  try {
    const stored = await setRecreate(apis, deployment.metadata as Parameters<typeof setRecreate>[1], true)
    const changes = templateChanges(deployment, stored)
    if (changes.length === 0) return []
    const message = `a policy of the cluster would change ${changes.join(', ')} at the first write, and so restart the database; run \`helm upgrade\` first, at a time of your choice`
    return [{ code: 'TemplateRewritten', message }]
  } catch (error) {
    if (takesNoDryRun(error)) return []
    throw error
  }
}

/** Helm's records of the release, and the Secret that holds the key, as far as they are there. */
export type FoundSecrets = { records: V1Secret[]; holder: V1Secret | undefined }

type Deps = { apis: Apis; repository: TenantRepository; serviceIdentity: ServiceIdentity }

/** To look at Secrets takes a RoleBinding, which is made: so this is no part of a dry run. */
export async function findSecrets(
  { apis: { core }, repository, serviceIdentity }: Deps,
  { userId, desired, release }: Adoption,
): Promise<FoundSecrets> {
  const { namespace, secret } = namesFor(userId)
  const name = desired!.options.secret.name ?? secret
  const labelSelector = recordSelector(release!)
  const list = async () => (await core.listNamespacedSecret({ namespace, labelSelector })).items
  const read = () => ignoreNotFound(core.readNamespacedSecret({ name, namespace }))
  return {
    records: await repository.withGrant(userId, serviceIdentity, list),
    holder: await repository.withGrant(userId, serviceIdentity, read),
  }
}

/** What stands in the way in the Secrets of the namespace. */
export function secretObstacles({ records, holder }: FoundSecrets, { userId, release, desired }: Adoption): Reason[] {
  const { name, key } = desired!.options.secret
  const secret = name ?? namesFor(userId).secret
  const found: Reason[] = []
  const add = (code: string, message: string) => found.push({ code, message })
  if (holder?.data?.[key] === undefined) add('SecretMissing', `the Secret ${secret} with the entry ${key} is not there`)
  const owner = releaseOf(holder)
  if (owner !== undefined && owner !== release) {
    add('SecretOfOther', `the Secret ${secret} is that of Helm's release ${owner}, which could delete the key`)
  }
  if (records.length === 0) {
    add('NoHelmRecord', 'Helm keeps no record of the release in Secrets; a record elsewhere could still uninstall it')
  }
  if (records.some(isAtWork)) {
    add('HelmAtWork', 'a Helm command is under way, or was cut off; end it or roll it back')
  }
  return found
}

/** The same for as long as no Helm command has changed the release. */
export function versionOf({ records }: FoundSecrets): string {
  return records.map(({ metadata }) => `${metadata?.uid} ${metadata?.resourceVersion}`).join()
}
