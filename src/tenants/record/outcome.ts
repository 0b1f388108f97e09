import { type Static, Type } from '@sinclair/typebox'

/** The running database at one moment: a pod or a container that was replaced shows here. */
export const RunSchema = Type.Object({ podUid: Type.String(), restartCount: Type.Integer() })
export type Run = Static<typeof RunSchema>

const Nullable = <T extends ReturnType<typeof Type.String> | typeof RunSchema | ReturnType<typeof Type.Number>>(
  schema: T,
) => Type.Union([schema, Type.Null()])

/** What an operation truly did to the database, from what was observed before and after it. */
export const OutcomeSchema = Type.Object({
  disruption: Type.Union([Type.Literal('none'), Type.Literal('restart')]),
  before: Nullable(RunSchema),
  after: Nullable(RunSchema),
  /** The limits in force, as the container's status has them. */
  limits: Type.Object({ memory: Nullable(Type.String()), cpu: Nullable(Type.String()) }),
  /** Why the container ended last, if it did, such as `OOMKilled`. */
  lastTermination: Nullable(Type.String()),
  secondsToEffect: Type.Number(),
  /** How long no pod was ready, as far as this service saw it; null if it was not there all the time. */
  secondsNotReady: Nullable(Type.Number()),
  /** Whether the disruption is the one that the plan expected; null without a plan. */
  asPlanned: Type.Union([Type.Boolean(), Type.Null()]),
})
export type Outcome = Static<typeof OutcomeSchema>
