import { Type } from '@sinclair/typebox'
import { nullable, refTo } from './enumeration.ts'
import { TenantOptionsSchema } from './options.ts'
import { PlanSchema } from './plan.ts'

const Sizes = Type.Object({
  ramSize: Type.String(),
  storageSize: Type.String(),
  cpu: Type.Object({ request: Type.String(), limit: Type.String() }),
})

export const AdoptionSchema = Type.Object(
  {
    userId: Type.String(),
    namespace: Type.String(),
    release: nullable(Type.String({ description: 'The Helm release, as the Deployment says.' })),
    desired: Type.Unsafe<typeof Sizes.static | null>({ ...Sizes, type: ['object', 'null'] }),
    options: Type.Unsafe<typeof TenantOptionsSchema.static | null>({
      anyOf: [refTo(TenantOptionsSchema), { type: 'null' }],
    }),
    plan: refTo(PlanSchema),
  },
  { $id: 'Adoption', description: 'What taking over a Helm release would make of it, and what stands in the way.' },
)

export const AdoptionListSchema = Type.Object(
  { items: Type.Array(refTo(AdoptionSchema), { description: 'By userId.' }) },
  { $id: 'AdoptionList' },
)
