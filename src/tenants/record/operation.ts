import { type Static, Type } from '@sinclair/typebox'
import { AllotmentSchema } from './allotment.ts'
import { literals } from './literals.ts'
import { OutcomeSchema, RunSchema } from './outcome.ts'
import { PlanSchema } from './plan.ts'

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
  /** Of a newer version of this service, in answers only. */
  'other',
] as const
export type OperationType = (typeof OPERATION_TYPES)[number]
export const OPERATION_STATES = ['running', 'succeeded', 'failed', 'superseded'] as const
export type OperationState = (typeof OPERATION_STATES)[number]

/** Hashes (hex) of an Idempotency-Key with its credential, and of the request without its key. */
export const IdempotencySchema = Type.Object({ key: Type.String(), request: Type.String() })
export type Idempotency = Static<typeof IdempotencySchema>

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
  /** The trace of the request, as W3C writes it, where traces are sent. */
  traceparent: Type.Optional(Type.String({ maxLength: 100 })),
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
  /** What the tenant is given from its start on, and from its end on if it failed: for the bill. */
  allotted: Type.Optional(Type.Array(AllotmentSchema)),
})
export type Operation = Static<typeof OperationSchema>
