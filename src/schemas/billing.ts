import { Type } from '@sinclair/typebox'
import { nullable, refTo } from './enumeration.ts'

const Time = Type.String({ format: 'date-time' })
const amount = (description: string) => Type.Number({ description })

export const BilledUsageSchema = Type.Object(
  {
    userId: Type.String(),
    ramGibHours: amount('RAM that it was given, in GiB times hours, while it was meant to run.'),
    storageGibHours: amount('Storage that it was given, in GiB times hours, until it was purged.'),
    runningHours: amount('How long it was meant to run.'),
    since: Type.String({ format: 'date-time', description: 'From when on this is known.' }),
    purged: Type.Boolean({ description: 'Whether there is no such tenant any more.' }),
  },
  { $id: 'BilledUsage', description: 'What a tenant was given in a span of time.' },
)

export const BilledUsageListSchema = Type.Object(
  {
    from: Time,
    to: Time,
    items: Type.Array(refTo(BilledUsageSchema), { description: 'By userId. Who was given nothing is left out.' }),
    nextCursor: nullable(
      Type.String({ minLength: 1, description: 'Gives the next page as `cursor`; null on the last.' }),
    ),
  },
  { $id: 'BilledUsageList' },
)
