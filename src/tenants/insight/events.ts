import type { CoreV1Event } from '@kubernetes/client-node'
import { namesFor } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'

/** Kubernetes keeps events for an hour; a namespace that makes more of them than this tells of the same again and again. */
const MOST = 1000

/** What Kubernetes says has happened to an object of a tenant. */
export type TenantEvent = {
  type: string
  reason: string
  message: string
  /** Kind and name. */
  object: string
  /** How often. */
  count: number
  firstAt: string
  lastAt: string
}

/**
 * Kubernetes' own events in a tenant's namespace, newest first.
 * @param redacted takes keys out of a text
 * @throws KubernetesError
 */
export async function eventsOf(
  { apis, repository, serviceIdentity }: TenantContext,
  userId: string,
  redacted: (text: string) => string,
): Promise<TenantEvent[]> {
  const { namespace } = namesFor(userId)
  const { items } = await repository.withGrant(userId, await serviceIdentity(), () =>
    apis.core.listNamespacedEvent({ namespace, limit: MOST }),
  )
  return items
    .map((event) => toldOf(event, redacted))
    .sort((a, b) => b.lastAt.localeCompare(a.lastAt) || a.object.localeCompare(b.object))
}

/** Newer components say when and how often by `eventTime` and `series`. */
function toldOf(event: CoreV1Event, redacted: (text: string) => string): TenantEvent {
  const { involvedObject, metadata, series, type, reason, message } = event
  const first = event.firstTimestamp ?? event.eventTime ?? metadata.creationTimestamp
  const last = series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? first
  return {
    type: type ?? 'Normal',
    reason: reason ?? '',
    message: redacted(message ?? ''),
    object: `${involvedObject.kind ?? ''} ${involvedObject.name ?? ''}`,
    count: series?.count ?? event.count ?? 1,
    firstAt: new Date(first ?? 0).toISOString(),
    lastAt: new Date(last ?? 0).toISOString(),
  }
}
