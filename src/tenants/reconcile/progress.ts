import { now } from '../../clock.ts'
import type { Decision, StepName } from '../decide/decide.ts'
import { isReady, type Observed } from '../observe/observed.ts'
import { atStep, endSteps, type Step, withSteps } from '../record/history.ts'
import type { Operation } from '../record/operation.ts'
import type { OperationLog } from '../record/operation-log.ts'
import type { Spec } from '../record/spec.ts'

/** An operation that is seen so soon after its start has been watched from its beginning. */
const FROM_START_MS = 2000

/** The operation that a run is in: its steps, handed on to the history, and how long no pod was ready. */
export class Progress {
  readonly #operations: OperationLog
  #operationId = ''
  #steps: readonly Step[] = []
  #isComplete = false
  #notReadyMs = 0
  #notReadySince: number | undefined

  constructor(operations: OperationLog) {
    this.#operations = operations
  }

  /** @param obstacle why the act that is decided could not be done before */
  track({ userId, operation, ended }: Spec, { pods }: Observed, decision: Decision, obstacle?: string): void {
    this.#operations.put(userId, ...ended.map((one) => withSteps(one)))
    if (operation.state !== 'running') return
    if (operation.id !== this.#operationId) this.#begin(operation)
    this.#watch(pods.some(isReady))
    if (decision.next === 'reread' || decision.next === 'done') return
    const message = decision.next === 'wait' ? decision.message : (obstacle ?? null)
    const steps = atStep(this.#steps, decision.step, message, now())
    if (steps === this.#steps) return
    this.#steps = steps
    this.#operations.put(userId, withSteps(operation, steps))
  }

  #begin({ id, startedAt }: Operation): void {
    this.#operationId = id
    this.#steps = []
    this.#isComplete = Date.now() - Date.parse(startedAt) < FROM_START_MS
    this.#notReadyMs = 0
    this.#notReadySince = undefined
  }

  #watch(isReadyNow: boolean): void {
    if (!isReadyNow) this.#notReadySince ??= Date.now()
    else if (this.#notReadySince !== undefined) {
      this.#notReadyMs += Date.now() - this.#notReadySince
      this.#notReadySince = undefined
    }
  }

  /** How long the operation has been in this step, in milliseconds. */
  timeIn(step: StepName): number {
    const last = this.#steps.at(-1)
    return last?.name === step ? Date.now() - Date.parse(last.startedAt) : 0
  }

  /** How long no pod was ready during the operation; null if that was not watched from its beginning. */
  get secondsNotReady(): number | null {
    const open = this.#notReadySince === undefined ? 0 : Date.now() - this.#notReadySince
    return this.#isComplete ? (this.#notReadyMs + open) / 1000 : null
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
