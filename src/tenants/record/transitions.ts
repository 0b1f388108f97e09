import type { Desired } from '../../manifests/desired.ts'
import { storageFor } from '../../sizing/policy.ts'
import { bytesOf, formatBytes } from '../../sizing/quantity.ts'
import { after, allotmentOf } from './allotment.ts'
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
  const generation = spec.generation + 1
  const { desired = spec.desired } = change
  const next = { ...spec, ...change, desired }
  // Records of earlier versions do not say what was given before.
  const before = last.allotted === undefined ? [allotmentOf(spec, spec.updatedAt)] : []
  const from = after((last.allotted ?? before).at(-1), operation.startedAt)
  return {
    ...spec,
    // A create that failed has proven nothing; a change that fails after it still goes back to what was desired before.
    previous: spec.previous ?? (isTrial(operation.type, spec.desired, desired) ? spec.desired : null),
    ...change,
    generation,
    workloadGeneration: touchesWorkload(operation.type, spec.desired, desired)
      ? generation
      : (spec.workloadGeneration ?? spec.generation),
    updatedAt: operation.startedAt,
    operation: { ...operation, allotted: [...before, allotmentOf(next, from)] },
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

/** A record whose operation says what the tenant is given from its start on. */
export function withAllotment(spec: Spec): Spec {
  const { operation } = spec
  return { ...spec, operation: { ...operation, allotted: [allotmentOf(spec, operation.startedAt)] } }
}

/** Whether a change is taken back if it fails. A restart is, where it comes with another image. */
function isTrial(type: OperationType, from: Desired, to: Desired): boolean {
  const isRenewed = type === 'restart' && JSON.stringify(from.options) !== JSON.stringify(to.options)
  return type === 'resize' || type === 'update' || isRenewed
}

/** Whether the Deployment has to follow. Options outside the pod do not concern it. */
function touchesWorkload(type: OperationType, from: Desired, to: Desired): boolean {
  const ofWorkload = ({ ramSize, cpu, memoryRequest, templateRevision }: Desired) =>
    JSON.stringify([ramSize, cpu, memoryRequest, templateRevision])
  return type !== 'update' || ofWorkload(from) !== ofWorkload(to)
}

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
    return { ...spec, ...raised(spec), updatedAt: now, desired, pendingKey: null, operation }
  }
  const { previous } = spec
  if (previous === null || !isTrial(spec.operation.type, previous, spec.desired)) return { ...spec, operation }
  const desired = {
    ...previous,
    templateRevision: revisionAfter(spec.desired, previous),
    storageSize: formatBytes(storageFor(0n, storage, bytesOf(previous.storageSize))),
  }
  const { startedAt, allotted: before = [allotmentOf(spec, startedAt)] } = operation
  const allotted = [...before, allotmentOf({ ...spec, desired }, after(before.at(-1), now))]
  return { ...spec, ...raised(spec), updatedAt: now, desired, operation: { ...operation, allotted } }
}

function raised({ generation }: Spec): Pick<Spec, 'generation' | 'workloadGeneration'> {
  return { generation: generation + 1, workloadGeneration: generation + 1 }
}
