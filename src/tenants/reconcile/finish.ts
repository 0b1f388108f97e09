import { now } from '../../clock.ts'
import { claimSizes, type Observed } from '../observe/observed.ts'
import { outcomeOf } from '../plan/outcome.ts'
import type { Failure, Operation } from '../record/operation.ts'
import type { OperationLog } from '../record/operation-log.ts'
import type { Outcome } from '../record/outcome.ts'
import type { TenantRepository } from '../record/repository.ts'
import type { Spec } from '../record/spec.ts'
import { failed, succeeded } from '../record/transitions.ts'
import type { Progress } from './progress.ts'

export type FinishDeps = {
  repository: TenantRepository
  operations: OperationLog
  /** Told once of every operation that this process saw to its end. */
  onFinished: (operation: Operation) => void
}

/**
 * Records how the operation ended, if its spec still is the one that holds; a newer one is looked at instead.
 * @param failure absent: it succeeded
 */
export async function finish(
  { repository, operations, onFinished }: FinishDeps,
  progress: Progress,
  spec: Spec,
  observed: Observed,
  failure?: Failure,
): Promise<void> {
  const { userId, operation } = spec
  const storage = claimSizes(observed.claim).capacity
  const outcome = outcomeFor(operation, observed, progress)
  const { spec: written } = await repository.change(
    userId,
    ({ spec: live }) => {
      if (!isRunning(live, spec)) return live
      const unrecorded = live.ended.filter(({ id }) => !operations.isRecorded(userId, id))
      const told = { ...live, ended: unrecorded, operation: { ...live.operation, ...(outcome ? { outcome } : {}) } }
      return failure ? failed(told, failure, storage, now()) : succeeded(told, now())
    },
    observed.namespace,
  )
  if (written.operation.id === operation.id && written.operation.state !== 'running') {
    onFinished(written.operation)
    progress.end(userId, written.operation)
  }
}

/** Whether a record still is in the operation, and at the generation, that another look at it has seen. */
export function isRunning(live: Spec, { generation, operation }: Spec): boolean {
  return live.generation === generation && live.operation.id === operation.id && live.operation.state === 'running'
}

/** What it did to the database; undefined for operations that are about something else. */
function outcomeFor(
  { before, plan, startedAt }: Operation,
  { pods }: Observed,
  progress: Progress,
): Outcome | undefined {
  if (before === undefined) return undefined
  const toEffect = (Date.now() - Date.parse(startedAt)) / 1000
  return outcomeOf(before, pods, plan, { toEffect, notReady: progress.secondsNotReady })
}
