import { Type } from '@sinclair/typebox'
import { nullable, oneOf } from './enumeration.ts'

export const LivezSchema = Type.Object({ status: oneOf(['ok']) }, { $id: 'Liveness' })

export const ReadyzSchema = Type.Object(
  {
    status: oneOf(['ready', 'starting', 'draining']),
    cluster: Type.Object({
      reachable: Type.Boolean(),
      version: nullable(Type.String()),
      lastContactSeconds: nullable(Type.Number({ description: 'How long ago the API server answered last.' })),
      reason: nullable(Type.String({ description: 'Why the last call failed.' })),
    }),
  },
  { $id: 'Readiness' },
)
