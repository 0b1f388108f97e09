import { Type } from '@sinclair/typebox'
import { DISRUPTIONS, STRATEGIES } from '../tenants/record/plan.ts'
import { nullable, oneOf } from './enumeration.ts'

const Disruption = oneOf(DISRUPTIONS)

export const PlanSchema = Type.Object(
  {
    feasible: Type.Boolean({ description: 'Whether the change would be accepted.' }),
    strategy: oneOf(STRATEGIES),
    expectedDisruption: Disruption,
    worstDisruption: Disruption,
    lossWindowSeconds: nullable(
      Type.Integer({ description: 'Seconds of acknowledged inserts that a restart can lose; null: all data.' }),
    ),
    changes: Type.Array(Type.Object({ resource: Type.String(), from: Type.String(), to: Type.String() })),
    steps: Type.Array(Type.String(), { description: 'In the order in which they come.' }),
    reasons: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
    expectedSeconds: Type.Integer(),
  },
  { $id: 'Plan', description: 'What a change will do.' },
)

const Run = Type.Object({ podUid: Type.String(), restartCount: Type.Integer() })
const NullableRun = Type.Unsafe<typeof Run.static | null>({ ...Run, type: ['object', 'null'] })

export const OutcomeSchema = Type.Object(
  {
    disruption: Disruption,
    before: NullableRun,
    after: NullableRun,
    limits: Type.Object(
      { memory: nullable(Type.String()), cpu: nullable(Type.String()) },
      { description: 'In force, as the status of the container has them.' },
    ),
    lastTermination: nullable(Type.String({ description: 'Why the container ended last, such as OOMKilled.' })),
    secondsToEffect: Type.Number(),
    secondsNotReady: nullable(
      Type.Number({ description: 'How long no pod was ready; null if not watched all the time.' }),
    ),
    asPlanned: Type.Unsafe<boolean | null>({
      type: ['boolean', 'null'],
      description: 'Whether the disruption is the one that the plan expected.',
    }),
  },
  { $id: 'Outcome', description: 'What a change truly did.' },
)
