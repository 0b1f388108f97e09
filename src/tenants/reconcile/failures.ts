import { isRefused } from '../../kubernetes/errors.ts'
import type { Decision, StepName } from '../decide/decide.ts'
import { isReady, type Observed } from '../observe/observed.ts'
import { KeyLostError } from '../record/key-rotation.ts'
import type { Failure } from '../record/operation.ts'
import { NotAcceptedError } from './act-on-workloads.ts'

export type Failing = { step: StepName }

/**
 * The failure that a refused write means for its operation; undefined if the error is of another kind. That this service may not do
 * something now is another kind: an API server that has just started knows no roles yet.
 */
export function refusal(error: unknown, { pods }: Observed): Failure | undefined {
  const tenantUsable = pods.some(isReady)
  if (error instanceof NotAcceptedError) {
    return { reason: 'NotAccepted', message: error.message, tenantUsable, retryable: false }
  }
  if (error instanceof KeyLostError) return { reason: 'KeyLost', message: error.message, tenantUsable, retryable: true }
  if (!isRefused(error)) return undefined
  const { reason, message } = error
  return { reason, message, tenantUsable, retryable: false }
}

/** Why a change that must not restart the database is given up. */
export const NOT_IN_PLACE = { infeasible: 'Infeasible', rewritten: 'TemplateRewritten' } as const

/** The node or the volume's driver has said no for good. */
export function gaveUp(
  { step, reason, message }: Failing & { reason: string; message: string },
  { pods }: Observed,
): Failure {
  return { reason, message: `at step ${step}: ${message}`, tenantUsable: pods.some(isReady), retryable: false }
}

/** The operation, or the step that it is in, has taken too long. @param obstacle why the last act could not be done */
export function outOfTime(decision: Decision, { pods }: Observed, obstacle?: string): Failure {
  const [reason, message] =
    decision.next === 'wait'
      ? [decision.reason, decision.message]
      : ['Timeout', obstacle ?? 'another hand, or a policy, kept undoing what was done']
  return {
    reason,
    message: `not done in time, at step ${decision.step}: ${message}`,
    tenantUsable: pods.some(isReady),
    retryable: true,
  }
}
