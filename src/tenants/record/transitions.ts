import type { Desired } from '../../manifests/desired.ts'
import { storageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { newestFitting, recordable } from './limits.ts'
import type { Failure, Operation, OperationType } from './operation.ts'
import type { Spec } from './spec.ts'

/** The spec marked as a tenant for good, with the operation that won the Secret unless a newer one has been asked for since. */
export function committed(spec: Spec, owner: Operation): Spec {
  return { ...spec, committed: true, operation: spec.operation.type === 'create' ? owner : spec.operation }
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
    ended: newestFitting([...spec.ended.filter(({ id }) => id !== last.id), last]),
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
  const told = { ...failure, message: recordable(failure.message) }
  const operation: Operation = { ...spec.operation, state: 'failed', finishedAt: now, failure: told }
  // A key that did not come into force needs no restart any more: the template is raised for it, and not applied before.
  if (spec.operation.type === 'rotate-key' && spec.pendingKey !== null) {
    const desired = { ...spec.desired, templateRevision: spec.desired.templateRevision - 1 }
    return { ...spec, generation: spec.generation + 1, updatedAt: now, desired, pendingKey: null, operation }
  }
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
