import type { V1Pod } from '@kubernetes/client-node'
import { databaseResources, databaseStatus, podOnNode } from '../observe/observed.ts'
import type { Outcome, Run } from '../record/outcome.ts'
import type { Plan } from '../record/plan.ts'

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
