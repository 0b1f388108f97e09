import type { KubernetesError } from '../../kubernetes/errors.ts'
import type { Admission } from '../decide/admission.ts'
import type { StepName } from '../decide/decide.ts'
import type { TenantCache } from '../observe/cached.ts'
import type { Spec } from '../record/spec.ts'
import type { ActDeps } from './act.ts'
import type { FinishDeps } from './finish.ts'
import { Progress } from './progress.ts'

export type ReconcileDeps = ActDeps &
  FinishDeps & {
    cache: TenantCache
    stepTimeoutsMs: { volume: number; pod: number }
    /** Told why a tenant has to wait although something is to be done, whenever the reason is another one. */
    onHeld: (userId: string, error: KubernetesError) => void
  }

/** One tenant that is being reconciled, from its first pass to its last. */
export type Run = {
  deps: ReconcileDeps
  userId: string
  progress: Progress
  startedAt: number
  actedAt: number
  /** What the cluster has made of manifests. */
  admissions: Map<string, Admission>
  /** How often in a row a newer fence than the record was seen. */
  rereads: number
  /** How often in a row the cluster would not do what was to be done. */
  helds: number
  /** How many passes in a row have come without a wait between them. */
  passes: number
  isOperating?: boolean
  /** Why the last act could not be done yet. */
  obstacle?: KubernetesError | undefined
}

export function beginRun(deps: ReconcileDeps, userId: string): Run {
  return {
    deps,
    userId,
    progress: new Progress(deps.operations),
    startedAt: Date.now(),
    actedAt: Number.NEGATIVE_INFINITY,
    admissions: new Map(),
    rereads: 0,
    helds: 0,
    passes: 0,
  }
}

/** Whether the operation, or the step that it is in, has taken longer than it may. */
export function isOverdue(run: Run, { operation }: Spec, { step }: { step: StepName }): boolean {
  return dueIn(run, operation, step) < 0
}

/** Milliseconds until that is so. */
export function untilDue(run: Run, { operation }: Spec, { step }: { step: StepName }): number {
  return Math.max(0, dueIn(run, operation, step) + 1)
}

function dueIn({ deps, progress }: Run, { deadline }: Spec['operation'], step: StepName): number {
  const ofStep =
    step === 'volume' || step === 'pod' ? deps.stepTimeoutsMs[step] - progress.timeIn(step) : Number.POSITIVE_INFINITY
  return Math.min(Date.parse(deadline) - Date.now(), ofStep)
}
