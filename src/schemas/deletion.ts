import { Type } from '@sinclair/typebox'
import { DELETION_PHASES } from '../tenants/view/deletion.ts'
import { nullable, oneOf } from './enumeration.ts'

const Time = Type.String({ format: 'date-time' })
const Finalizers = Type.Array(Type.String(), {
  description: 'Who has to do something first, and then takes its name away.',
})

export const DeletionSchema = Type.Object(
  {
    userId: Type.String(),
    phase: oneOf(DELETION_PHASES, {
      description:
        'none: nobody has asked for it; stopping: the database ends; kept: it has ended, and all data is there; requested: it will be purged; removing: Kubernetes removes its namespace.',
    }),
    requestedAt: nullable(Time),
    namespace: Type.Object({
      name: Type.String(),
      removedSince: nullable(Time),
      finalizers: Finalizers,
      conditions: Type.Array(Type.Object({ type: Type.String(), message: Type.String() }), {
        description: 'What Kubernetes says of what holds it up.',
      }),
    }),
    remaining: Type.Array(
      Type.Object({
        object: Type.String({ description: 'Kind and name.' }),
        removedSince: nullable(Time),
        finalizers: Finalizers,
      }),
      { description: 'Objects that are there still.' },
    ),
    next: Type.Array(Type.String(), { minItems: 1, description: 'What can be done now, for people.' }),
  },
  { $id: 'Deletion', description: 'How far the deletion of a tenant has come, and what holds it up.' },
)
