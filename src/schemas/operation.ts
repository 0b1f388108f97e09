import { type Static, Type } from '@sinclair/typebox'
import { OPERATION_STATES, OPERATION_TYPES } from '../tenants/record/operation.ts'
import { nullable, oneOf, refTo } from './enumeration.ts'
import { OutcomeSchema, PlanSchema } from './plan.ts'

const Time = Type.String({ format: 'date-time' })

export const StepSchema = Type.Object(
  {
    name: Type.String({ description: 'Such as `objects`, `volume`, `deployment`, `ready`.' }),
    state: oneOf(['running', 'succeeded', 'failed']),
    message: nullable(Type.String({ description: 'What it waits for, or why it failed.' })),
    startedAt: Time,
    finishedAt: nullable(Time),
  },
  { $id: 'Step' },
)

export const FailureSchema = Type.Object(
  {
    reason: Type.String(),
    message: Type.String(),
    tenantUsable: Type.Boolean({ description: 'Whether the database can be used all the same.' }),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later by itself.' }),
  },
  { $id: 'Failure' },
)

export const OperationSchema = Type.Object(
  {
    id: Type.String(),
    type: oneOf(OPERATION_TYPES),
    state: oneOf(OPERATION_STATES),
    startedAt: Time,
    deadline: Type.String({ format: 'date-time', description: 'If it has not succeeded by then, it has failed.' }),
    finishedAt: nullable(Time),
    requestedBy: Type.String({ description: 'The id of the credential that asked for it.' }),
    failure: Type.Optional(refTo(FailureSchema)),
    plan: Type.Optional(refTo(PlanSchema)),
    outcome: Type.Optional(refTo(OutcomeSchema)),
    steps: Type.Array(refTo(StepSchema), { description: 'As far as it has come. Lists of tenants leave them out.' }),
  },
  { $id: 'Operation' },
)
export type OperationAnswer = Static<typeof OperationSchema>

export const TenantOperationSchema = Type.Object(
  { userId: Type.String(), operation: refTo(OperationSchema) },
  { $id: 'TenantOperation', description: 'The newest operation of a tenant, without its steps.' },
)

export const TenantOperationListSchema = Type.Object(
  {
    items: Type.Array(refTo(TenantOperationSchema), { description: 'By userId.' }),
    nextCursor: nullable(
      Type.String({ minLength: 1, description: 'Gives the next page as `cursor`; null on the last.' }),
    ),
  },
  { $id: 'TenantOperationList' },
)

export const OperationListSchema = Type.Object(
  { items: Type.Array(refTo(OperationSchema), { description: 'Newest first.' }) },
  { $id: 'OperationList' },
)
