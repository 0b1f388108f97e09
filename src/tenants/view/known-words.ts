import type { OperationRecord } from '../record/history.ts'
import { oneOfThese } from '../record/literals.ts'
import { OPERATION_STATES, OPERATION_TYPES, type Operation } from '../record/operation.ts'
import { DISRUPTIONS, STRATEGIES } from '../record/plan.ts'

/** What a newer version of this service has recorded, before a rollback, in words that the document has. */
export function inKnownWords(record: OperationRecord): OperationRecord {
  const { plan } = record
  return {
    ...record,
    ...wordsFor(record),
    ...(plan && {
      plan: {
        ...plan,
        strategy: oneOfThese(STRATEGIES, plan.strategy, 'auto'),
        expectedDisruption: oneOfThese(DISRUPTIONS, plan.expectedDisruption, 'restart'),
        worstDisruption: oneOfThese(DISRUPTIONS, plan.worstDisruption, 'restart'),
      },
    }),
  }
}

export function wordsFor({ type, state }: Operation) {
  return {
    type: oneOfThese(OPERATION_TYPES, type, 'other'),
    state: oneOfThese(OPERATION_STATES, state, 'failed'),
  }
}
