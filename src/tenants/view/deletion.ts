import type { KubernetesObject } from '@kubernetes/client-node'
import { namesFor } from '../../manifests/names.ts'
import type { TenantContext } from '../commands/context.ts'
import { isoTime, isTerminating, livePods, type Observed } from '../observe/observed.ts'
import type { Spec } from '../record/spec.ts'
import { observeTenant } from './read.ts'

export const DELETION_PHASES = ['none', 'stopping', 'kept', 'requested', 'removing'] as const
export type DeletionPhase = (typeof DELETION_PHASES)[number]

type Part = { object: string; removedSince: string | null; finalizers: string[] }

/** Resources that are watched, and so known without a call. Kubernetes' conditions tell of others. */
const WATCHED = [
  ...(['pods', 'deployments', 'replicaSets', 'claims', 'services', 'ingresses'] as const),
  ...(['quotas', 'networkPolicies', 'roleBindings'] as const),
]

/** How far the deletion of a tenant has come, and what holds it up. @throws problem `tenant-not-found` */
export async function viewDeletion(context: TenantContext, userId: string) {
  const { spec, observed } = await observeTenant(context, userId)
  const { namespace } = namesFor(userId)
  const phase = phaseOf(spec, observed)
  const isGoing = phase === 'requested' || phase === 'removing'
  const remaining = isGoing
    ? WATCHED.flatMap((resource) => context.cache.list(resource, namespace).map((object) => partOf(object)))
    : livePods(phase === 'stopping' ? observed.pods : []).map(partOf)
  const conditions = (observed.namespace.status?.conditions ?? [])
    .filter(({ status, type }) => status === 'True' && type.startsWith('Namespace'))
    .map(({ type, message = '' }) => ({ type, message }))
  const { metadata } = observed.namespace
  return {
    userId,
    phase,
    requestedAt: spec.purgeRequestedAt ?? spec.deletedAt,
    namespace: {
      name: namespace,
      removedSince: isoTime(metadata?.deletionTimestamp),
      finalizers: [...(metadata?.finalizers ?? [])],
      conditions,
    },
    remaining,
    next: nextSteps(phase, userId, remaining, conditions, metadata?.finalizers ?? []),
  }
}

function phaseOf({ purgeRequestedAt, deletedAt }: Spec, { namespace, pods }: Observed): DeletionPhase {
  if (isTerminating(namespace)) return 'removing'
  if (purgeRequestedAt !== null) return 'requested'
  if (deletedAt === null) return 'none'
  return livePods(pods).length > 0 ? 'stopping' : 'kept'
}

function partOf({ kind, metadata }: KubernetesObject): Part {
  return {
    object: `${kind} ${metadata?.name}`,
    removedSince: isoTime(metadata?.deletionTimestamp),
    finalizers: [...(metadata?.finalizers ?? [])],
  }
}

function nextSteps(
  phase: DeletionPhase,
  userId: string,
  remaining: readonly Part[],
  conditions: readonly { type: string; message: string }[],
  finalizers: readonly string[],
): string[] {
  const own = `/tenants/${userId}`
  if (phase === 'none') return [`Nobody has asked for it. DELETE ${own} stops the database and keeps its data.`]
  if (phase === 'stopping') return ['Nothing: the database writes what it holds, and ends.']
  if (phase === 'kept') {
    return [
      `POST ${own}/undelete brings it back as it was.`,
      `DELETE ${own}?purge=true removes it with all data, for good.`,
    ]
  }
  const { namespace } = namesFor(userId)
  const held = remaining
    .filter(({ finalizers, removedSince }) => removedSince !== null && finalizers.length > 0)
    .map(({ object, finalizers }) => `${object} waits for ${finalizers.map(explained).join(', ')}.`)
  const ofNamespace = finalizers.map((name) => `The namespace ${namespace} waits for ${explained(name)}.`)
  const failures = conditions
    .filter(({ type }) => type.includes('Failure'))
    .map(({ message }) => `Kubernetes cannot look for what is left: ${message} See kubectl get apiservices.`)
  const steps = [...held, ...ofNamespace, ...failures]
  return steps.length > 0 ? steps : ['Nothing: Kubernetes removes what is there.']
}

/** Finalizers of Kubernetes' own pass by themselves once what they protect is over. */
function explained(finalizer: string): string {
  if (finalizer === 'kubernetes.io/pvc-protection') return `${finalizer} (until no pod uses the claim)`
  if (finalizer === 'foregroundDeletion') return `${finalizer} (until what it owns is gone)`
  if (finalizer === 'service.kubernetes.io/load-balancer-cleanup') return `${finalizer} (until the cloud has freed it)`
  return `${finalizer}, which its controller has to take away`
}
