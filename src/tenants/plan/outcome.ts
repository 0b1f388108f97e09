import type { V1Pod } from '@kubernetes/client-node'
import { type Static, Type } from '@sinclair/typebox'
import { databaseResources, databaseStatus, podOnNode } from '../observe/observed.ts'
import type { Plan } from './plan.ts'

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

/** The run that counts now; null if no database runs. A pod that has no node yet has not begun to. */
export function runOf(pods: readonly V1Pod[]): Run | null {
  const pod = podOnNode(pods)
  return pod ? { podUid: pod.metadata!.uid!, restartCount: databaseStatus(pod)?.restartCount ?? 0 } : null
}

/** @param seconds since the start of the operation, and how long no pod was ready of that */
export function outcomeOf(
  before: Run | null,
  pods: readonly V1Pod[],
  plan: Plan | undefined,
  seconds: { toEffect: number; notReady: number | null },
): Outcome {
  const after = runOf(pods)
  const pod = podOnNode(pods)
  const limits = pod ? databaseResources(pod).limits : undefined
  const isSame =
    before === null || (after !== null && before.podUid === after.podUid && before.restartCount === after.restartCount)
  const disruption = isSame ? 'none' : 'restart'
  return {
    disruption,
    before,
    after,
    limits: { memory: limits?.memory ?? null, cpu: limits?.cpu ?? null },
    lastTermination: databaseStatus(pod)?.lastState?.terminated?.reason ?? null,
    secondsToEffect: seconds.toEffect,
    secondsNotReady: seconds.notReady,
    asPlanned: plan ? plan.expectedDisruption === disruption : null,
  }
}
