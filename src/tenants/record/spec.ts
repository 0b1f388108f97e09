import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import { type Desired, DesiredSchema, type Tenant } from '../../manifests/desired.ts'
import { storageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { OutcomeSchema, RunSchema } from '../plan/outcome.ts'
import { PlanSchema } from '../plan/plan.ts'
import { literals } from './literals.ts'

/** What an operation does. */
export const OPERATION_TYPES = [
  'create',
  'resize',
  'update',
  'suspend',
  'resume',
  'restart',
  'rotate-key',
  'delete',
  'undelete',
  'purge',
  'adopt',
] as const
export type OperationType = (typeof OPERATION_TYPES)[number]
export const OPERATION_STATES = ['running', 'succeeded', 'failed', 'superseded'] as const
export type OperationState = (typeof OPERATION_STATES)[number]

/** Hashes (hex) of an Idempotency-Key with its credential, and of the request without its key. */
export const IdempotencySchema = Type.Object({ key: Type.String(), request: Type.String() })
export type Idempotency = Static<typeof IdempotencySchema>

/** A namespace's annotations hold 256 KiB in all; a record of an operation takes half a KiB. */
const ENDED_MOST = 100

/** Why an operation failed. */
export const FailureSchema = Type.Object({
  reason: Type.String(),
  message: Type.String(),
  /** Whether the database can be used all the same. */
  tenantUsable: Type.Boolean(),
  /** Whether the same request may succeed later without anybody changing the cluster. */
  retryable: Type.Boolean(),
})
export type Failure = Static<typeof FailureSchema>

/** One change that a caller asked for. Its steps are kept elsewhere (history.ts). Times are RFC 3339 in UTC. */
export const OperationSchema = Type.Object({
  id: Type.String(),
  type: literals(OPERATION_TYPES),
  state: literals(OPERATION_STATES),
  startedAt: Type.String(),
  /** If it has not succeeded by then, it has failed. */
  deadline: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
  /** Id of the credential that asked. */
  requestedBy: Type.String(),
  /** Whether the service made the database's key: then an idempotent repeat shows it again. */
  generatedKey: Type.Optional(Type.Boolean()),
  idempotency: Type.Optional(IdempotencySchema),
  failure: Type.Optional(FailureSchema),
  /** For changes that may disturb a running database: what was promised. */
  plan: Type.Optional(PlanSchema),
  /** How sizes come to the running pod. `auto` becomes `restart` once the node has said that it can never hold them. */
  resize: Type.Optional(literals(['inPlace', 'restart'])),
  /** The database as it ran when the operation began; null: it did not. */
  before: Type.Optional(Type.Union([RunSchema, Type.Null()])),
  outcome: Type.Optional(OutcomeSchema),
})
export type Operation = Static<typeof OperationSchema>

/**
 * The whole record of a tenant: one JSON annotation on its namespace, changed only under the namespace's resourceVersion.
 * Nothing here is observed, and nothing is secret.
 */
export const SpecSchema = Type.Object({
  userId: Type.String(),
  /** Raised by every change of what is desired, never lowered. */
  generation: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  /** Set by the first converge: the Secret was seen, so this is a tenant and must never be removed as a leftover. */
  committed: Type.Boolean(),
  /** No pod, all else kept. */
  suspended: Type.Boolean({ default: false }),
  /** The Helm release that it was taken over from; `taken` once nothing of it is Helm's any more. */
  helm: Type.Union([Type.Object({ release: Type.String(), taken: Type.Boolean() }), Type.Null()], { default: null }),
  deletedAt: Type.Union([Type.String(), Type.Null()]),
  purgeRequestedAt: Type.Union([Type.String(), Type.Null()]),
  desired: DesiredSchema,
  /** What was desired when an operation last succeeded; a failed one goes back to it. */
  previous: Type.Union([DesiredSchema, Type.Null()]),
  operation: OperationSchema,
  /** Operations that ended before they were in the history; kept here until they are. */
  ended: Type.Array(OperationSchema),
})
export type Spec = Static<typeof SpecSchema>

/** A namespace of ours carries a spec that this version cannot read. */
export class UnreadableSpecError extends Error {
  override name = 'UnreadableSpecError'
}

/** @throws UnreadableSpecError if the annotation is missing, is no JSON, or is not a spec */
export function parseSpec(annotation: string | undefined): Spec {
  try {
    // Records of earlier versions lack what has come since.
    return Value.Decode(SpecSchema, Value.Default(SpecSchema, JSON.parse(annotation ?? '')))
  } catch {
    throw new UnreadableSpecError('the annotation fluxiondb.com/spec does not hold a tenant spec')
  }
}

/**
 * What the renderers are given for a spec: a deleted or suspended tenant keeps everything but its running pod. Sizes come by a
 * restart where the cluster cannot do without, and where the current operation, or the one that just failed, says so.
 */
export function tenantOf(spec: Spec, { resizePods }: Pick<Capabilities, 'resizePods'>): Tenant {
  const byRestart = spec.operation.resize === 'restart' && spec.operation.state !== 'succeeded'
  return {
    userId: spec.userId,
    generation: spec.generation,
    deleted: spec.deletedAt !== null || spec.purgeRequestedAt !== null,
    running: spec.deletedAt === null && spec.purgeRequestedAt === null && !spec.suspended,
    resize: resizePods && !byRestart ? 'inPlace' : 'restart',
    desired: spec.desired,
  }
}

/**
 * The spec with a new operation in place of the current one. A running one is superseded; one that may not be in the history
 * yet is kept until it is.
 */
export function withOperation(spec: Spec, operation: Operation, change: Partial<Spec> & { desired?: Desired }): Spec {
  const last: Operation =
    spec.operation.state === 'running'
      ? { ...spec.operation, state: 'superseded', finishedAt: operation.startedAt }
      : spec.operation
  return {
    ...spec,
    // A create that failed has proven nothing; a change that fails after it still goes back to what was desired before.
    previous: spec.previous ?? (goesBack(operation.type) ? spec.desired : null),
    ...change,
    generation: spec.generation + 1,
    updatedAt: operation.startedAt,
    operation,
    ended: [...spec.ended.filter(({ id }) => id !== last.id), last].slice(-ENDED_MOST),
  }
}

/** Operations that succeed only once the database runs with what is desired: these prove it to work. */
const RUNS_AFTER = new Set<OperationType>([
  'create',
  'resize',
  'update',
  'resume',
  'restart',
  'rotate-key',
  'undelete',
  'adopt',
])

/** The spec after its operation succeeded. The generation stays: what is desired did not change. */
export function succeeded(spec: Spec, now: string): Spec {
  return {
    ...spec,
    previous: RUNS_AFTER.has(spec.operation.type) ? spec.desired : spec.previous,
    operation: { ...spec.operation, state: 'succeeded', finishedAt: now },
  }
}

/** Changes that are taken back if they fail. */
const goesBack = (type: OperationType) => type === 'resize' || type === 'update'

/** A template that was tried and given up must be followed by one more, else the pod would keep it. */
function revisionAfter(tried: Desired, previous: Desired): number {
  return tried.templateRevision === previous.templateRevision ? tried.templateRevision : tried.templateRevision + 1
}

/**
 * The spec after its operation failed: back to what last worked, storage as far as it has grown, so that nothing keeps pulling
 * toward a target that was given up. A failed create has nothing to go back to and goes on.
 * @param storage what the volume has by now (bytes)
 */
export function failed(spec: Spec, failure: Failure, storage: bigint, now: string): Spec {
  const operation: Operation = { ...spec.operation, state: 'failed', finishedAt: now, failure }
  if (spec.previous === null || !goesBack(spec.operation.type)) return { ...spec, operation }
  return {
    ...spec,
    generation: spec.generation + 1,
    updatedAt: now,
    desired: {
      ...spec.previous,
      templateRevision: revisionAfter(spec.desired, spec.previous),
      storageSize: formatBytes(storageFor(0n, storage, bytesOf(spec.previous.storageSize))),
    },
    operation,
  }
}
