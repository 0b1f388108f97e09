import { now } from '../clock.ts'
import type { Decision } from './decide.ts'
import { atStep, endSteps, type Step, withSteps } from './history.ts'
import { claimSizes, type Observed } from './observed.ts'
import type { OperationLog } from './operation-log.ts'
import type { TenantRepository } from './repository.ts'
import { type Failure, failed, type Operation, type Spec, succeeded } from './spec.ts'

export type OutcomeDeps = {
  repository: TenantRepository
  operations: OperationLog
  /** Told once of every operation that this process saw to its end. */
  onFinished: (operation: Operation) => void
}

/** The steps of the operation that one run of converge is in, handed on to the history as they come. */
export class Progress {
  readonly #operations: OperationLog
  #operationId = ''
  #steps: readonly Step[] = []

  constructor(operations: OperationLog) {
    this.#operations = operations
  }

  track({ userId, operation, ended }: Spec, decision: Decision): void {
    this.#operations.put(userId, ...ended.map((one) => withSteps(one)))
    if (operation.state !== 'running' || decision.next === 'reread' || decision.next === 'done') return
    if (operation.id !== this.#operationId) {
      this.#operationId = operation.id
      this.#steps = []
    }
    const message = decision.next === 'wait' ? decision.message : null
    const steps = atStep(this.#steps, decision.step, message, now())
    if (steps === this.#steps) return
    this.#steps = steps
    this.#operations.put(userId, withSteps(operation, steps))
  }

  /** Hands over the operation as it ended, with the last step ended as it did. */
  end(userId: string, operation: Operation): void {
    const steps = operation.id === this.#operationId ? this.#steps : []
    const state = operation.state === 'succeeded' ? 'succeeded' : 'failed'
    const at = operation.finishedAt ?? now()
    this.#operations.put(userId, withSteps(operation, endSteps(steps, state, operation.failure?.message ?? null, at)))
  }

  gone(userId: string): void {
    this.#operations.drop(userId)
  }
}

/**
 * Records how the operation ended, if its spec still is the one that holds; a newer one is looked at instead.
 * @param failure absent: it succeeded
 */
export async function finish(
  deps: OutcomeDeps,
  progress: Progress,
  spec: Spec,
  observed: Observed,
  failure?: Failure,
): Promise<'again'> {
  const { userId, generation, operation } = spec
  const storage = claimSizes(observed.claim).requested
  const { spec: written } = await deps.repository.change(userId, ({ spec: live }) => {
    if (live.generation !== generation || live.operation.id !== operation.id || live.operation.state !== 'running') {
      return live
    }
    const ended = live.ended.filter(({ id }) => !deps.operations.isRecorded(userId, id))
    return { ...(failure ? failed(live, failure, storage, now()) : succeeded(live, now())), ended }
  })
  if (written.operation.id === operation.id && written.operation.state !== 'running') {
    deps.onFinished(written.operation)
    progress.end(userId, written.operation)
  }
  return 'again'
}
