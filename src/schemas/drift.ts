import { Type } from '@sinclair/typebox'
import { nullable, oneOf } from './enumeration.ts'

export const DriftListSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        userId: Type.String(),
        object: Type.String({ description: 'Kind and name.' }),
        field: Type.String({ description: 'The path of the field; empty: the object is missing.' }),
        wanted: nullable(Type.String({ description: 'What the record says, as JSON, shortened.' })),
        found: nullable(Type.String({ description: 'What is found, as JSON, shortened; null: nothing.' })),
        repair: oneOf(['automatic', 'restart'], {
          description: 'automatic: within seconds; restart: when somebody asks for a restart, as it takes a new pod.',
        }),
      }),
    ),
    nextCursor: nullable(
      Type.String({ minLength: 1, description: '`cursor` of the next page; null: this is the last one.' }),
    ),
  },
  { $id: 'DriftList', description: 'What another hand has changed in the objects of tenants.' },
)
