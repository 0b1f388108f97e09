import { Type } from '@sinclair/typebox'
import { refTo } from './enumeration.ts'
import { AskedOptionsSchema } from './options.ts'

export const SizePlanListSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        name: Type.String(),
        description: Type.String(),
        ramSize: Type.String(),
        options: refTo(AskedOptionsSchema),
      }),
    ),
  },
  { $id: 'SizePlanList', description: 'What a tenant can be created as, in place of a RAM size.' },
)
