import { Type } from '@sinclair/typebox'
import { CATALOGUE, type ProblemCode } from '../errors.ts'
import { oneOf } from './enumeration.ts'

/** RFC 9457, with a code that programs can rely on. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ examples: ['urn:fluxiondb-provisioner:problem:tenant-exists'] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String({ description: 'The path that was asked for.' }),
    code: oneOf(Object.keys(CATALOGUE) as ProblemCode[]),
    requestId: Type.String(),
    retryable: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
    errors: Type.Array(
      Type.Object({
        pointer: Type.String({ description: 'JSON pointer into the body, or the name of a parameter or header.' }),
        message: Type.String(),
      }),
    ),
  },
  { $id: 'Problem' },
)
