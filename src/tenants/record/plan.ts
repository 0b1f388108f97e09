import { type Static, Type } from '@sinclair/typebox'
import { literals } from './literals.ts'

export const STRATEGIES = ['auto', 'inPlace', 'restart'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** A fact that the plan rests on, or an obstacle. */
export const ReasonSchema = Type.Object({ code: Type.String(), message: Type.String() })
export type Reason = Static<typeof ReasonSchema>

export const DISRUPTIONS = ['none', 'restart'] as const

/** What a change will do, said before it is made; the change itself goes by it. */
export const PlanSchema = Type.Object({
  feasible: Type.Boolean(),
  strategy: literals(STRATEGIES),
  expectedDisruption: literals(DISRUPTIONS),
  worstDisruption: literals(DISRUPTIONS),
  /** Seconds of acknowledged inserts that the worst disruption can lose; null: all data, as there is no storage. */
  lossWindowSeconds: Type.Union([Type.Integer(), Type.Null()]),
  changes: Type.Array(Type.Object({ resource: Type.String(), from: Type.String(), to: Type.String() })),
  steps: Type.Array(Type.String()),
  reasons: Type.Array(ReasonSchema),
  expectedSeconds: Type.Integer(),
})
export type Plan = Static<typeof PlanSchema>
