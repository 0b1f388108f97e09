import type { V1Namespace, V1PersistentVolume } from '@kubernetes/client-node'
import { annotations } from '../../manifests/labels.ts'
import { namesFor, USER_ID_PATTERN, userIdOf } from '../../manifests/names.ts'
import { bytesOf } from '../../sizing/quantity.ts'
import type { TenantContext } from '../commands/context.ts'
import { claimSizes, isoTime, isTerminating } from '../observe/observed.ts'
import { isAbandoned } from '../reconcile/remove-abandoned.ts'
import { isOurs, specOf } from '../record/repository.ts'
import { UnreadableSpecError } from '../record/spec.ts'

export const ORPHAN_REASONS = ['NoRecord', 'CreateCutOff', 'VolumeReleased'] as const
type Reason = (typeof ORPHAN_REASONS)[number]

export type Orphan = {
  kind: 'Namespace' | 'PersistentVolume'
  name: string
  userId: string
  reason: Reason
  since: string | null
  storageBytes: number
  adopt: string
  purge: string
}

const PAGE = 100
const USER_ID = new RegExp(USER_ID_PATTERN)

/**
 * What is left of tenants and belongs to none. A tenant's own things never are: not while it is suspended or deleted, nor where its
 * record cannot be read, as that may be a later version's.
 * @throws KubernetesError
 */
export async function listOrphans(context: TenantContext): Promise<{ items: Orphan[]; storageBytes: number }> {
  // Read before what is watched: a claim that is there now cannot have left one of these.
  const volumes = await volumesIn(context)
  const namespaces = context.cache.list('namespaces').flatMap((namespace) => ofNamespace(context, namespace))
  const items = [...namespaces, ...volumes.flatMap((volume) => ofVolume(context, volume))].sort(byName)
  return { items, storageBytes: items.reduce((sum, { storageBytes }) => sum + storageBytes, 0) }
}

/** In pages, as parsing them all at once would hold up every other request. */
async function volumesIn({ apis: { core } }: TenantContext): Promise<V1PersistentVolume[]> {
  const volumes: V1PersistentVolume[] = []
  for (let next: string | undefined; ; ) {
    const { items, metadata } = await core.listPersistentVolume({ limit: PAGE, ...(next && { _continue: next }) })
    volumes.push(...items)
    next = metadata?._continue
    if (!next) return volumes
  }
}

const byName = (a: Orphan, b: Orphan) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name)

function ofNamespace({ cache }: TenantContext, namespace: V1Namespace): Orphan[] {
  const name = namespace.metadata!.name!
  const userId = userIdOf(name)
  if (userId === undefined || !isOurs(namespace, userId) || isTerminating(namespace)) return []
  const reason = reasonOf(namespace)
  if (reason === undefined) return []
  const claims = cache.list('claims', name)
  const databases = cache.list('deployments', name)
  // What holds nothing is taken back by itself.
  if (reason === 'CreateCutOff' && claims.length + databases.length === 0) return []
  const bytes = claims.map((claim) => claimSizes(claim)).map(({ requested, capacity }) => capacity || requested)
  return [
    {
      kind: 'Namespace',
      name,
      userId,
      reason,
      since: isoTime(namespace.metadata?.creationTimestamp),
      storageBytes: Number(bytes.reduce((sum, one) => sum + one, 0n)),
      adopt:
        reason === 'NoRecord'
          ? `Put the annotation ${annotations.spec} back from a backup of the namespace; then it is the tenant that it was.`
          : `POST /tenants with this userId: the create goes on with what is there.`,
      purge: `kubectl delete namespace ${name}`,
    },
  ]
}

function reasonOf(namespace: V1Namespace): Reason | undefined {
  try {
    return isAbandoned(specOf(namespace)) ? 'CreateCutOff' : undefined
  } catch (error) {
    if (!(error instanceof UnreadableSpecError)) throw error
    return namespace.metadata?.annotations?.[annotations.spec] === undefined ? 'NoRecord' : undefined
  }
}

/** Only of a claim that is named as those of this service are: an operator's own are the operator's. */
function ofVolume({ cache }: TenantContext, { metadata, spec, status }: V1PersistentVolume): Orphan[] {
  const { namespace = '', name: claimName, uid } = spec?.claimRef ?? {}
  const userId = userIdOf(namespace)
  if (userId === undefined || !USER_ID.test(userId) || claimName !== namesFor(userId).fullname) return []
  const isLeft = status?.phase === 'Released' || status?.phase === 'Failed'
  if (!isLeft || isTerminating({ metadata: metadata ?? {} })) return []
  if (cache.get('claims', claimName, namespace)?.metadata?.uid === uid) return []
  const name = metadata!.name!
  return [
    {
      kind: 'PersistentVolume',
      name,
      userId,
      reason: 'VolumeReleased',
      since: isoTime(status?.lastPhaseTransitionTime ?? metadata?.creationTimestamp),
      storageBytes: Number(bytesOf(spec?.capacity?.storage) ?? 0n),
      adopt: `Take its claim off, kubectl patch pv ${name} --type=json -p '[{"op":"remove","path":"/spec/claimRef"}]', make a claim with volumeName: ${name} in a namespace that you have prepared, and create the tenant with options.storage.existingClaim.`,
      purge: `kubectl delete pv ${name}, and the disk behind it where the storage keeps it.`,
    },
  ]
}
