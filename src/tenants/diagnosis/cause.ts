import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import type { TenantEvent } from '../insight/events.ts'
import { databaseStatus, type Observed } from '../observe/observed.ts'
import type { Spec } from '../record/spec.ts'
import { currentPod } from '../view/conditions.ts'

/** All that a cause is looked for in. */
export type Case = {
  spec: Spec
  observed: Observed
  /** The newest first; undefined: they could not be read. */
  events: readonly TenantEvent[] | undefined
  /** Lines of the database that tell of now; undefined: they could not be read. */
  log: readonly string[] | undefined
  /** Milliseconds of the clock. */
  now: number
}

/** All that is told apart. */
export const CAUSES = [
  'namespace-stuck',
  'paused',
  'secret-missing',
  'image-pull',
  'disk-full',
  'out-of-memory',
  'crash-loop',
  'not-listening',
  'volume-lost',
  'claim-pending',
  'admission-denied',
  'quota-exceeded',
  'pod-refused',
  'unschedulable',
  'operation-failed',
] as const
export type CauseName = (typeof CAUSES)[number]

/** What is wrong, by what that is known, and what to do about it. */
export type Finding = { cause: CauseName; message: string; evidence: string[]; action: string }

/** One thing that can be wrong with a tenant. */
export type Cause = { cause: CauseName; find: (seen: Case) => Omit<Finding, 'cause'> | undefined }

/** Shown of the events that say the same. */
const MOST_EVENTS = 3

/** The newest events with one of these reasons, as evidence. */
export function eventsAbout({ events = [] }: Case, reasons: RegExp): string[] {
  return events
    .filter(({ type, reason }) => type === 'Warning' && reasons.test(reason))
    .slice(0, MOST_EVENTS)
    .map(({ lastAt, object, reason, message }) => `${lastAt} ${object}: ${reason}: ${message}`)
}

/** Seconds since a time that Kubernetes has told; 0 if it has not. */
export function secondsSince({ now }: Case, time: Date | string | undefined): number {
  return time === undefined ? 0 : (now - new Date(time).getTime()) / 1000
}

/** Whether the tenant is meant to run. */
export const isMeantToRun = ({ spec }: Case) =>
  !spec.suspended && spec.deletedAt === null && spec.purgeRequestedAt === null

export const podOf = ({ observed }: Case): V1Pod | undefined => currentPod(observed.pods)
export const statusOf = (seen: Case) => databaseStatus(podOf(seen))

/** Every container of the pod, also those that others have put into it. */
export function containersOf(pod: V1Pod | undefined): readonly V1ContainerStatus[] {
  return [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])]
}

/** The first container that waits for one of these reasons. */
export function waitingFor(seen: Case, reasons: RegExp): { name: string; reason: string; message: string } | undefined {
  for (const { name, state } of containersOf(podOf(seen))) {
    const { reason = '', message = '' } = state?.waiting ?? {}
    if (reasons.test(reason)) return { name, reason, message }
  }
  return undefined
}
