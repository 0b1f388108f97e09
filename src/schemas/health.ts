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
    watchAgeSeconds: nullable(
      Type.Number({
        description:
          'How long ago the API server last said something of the watched resource that it has been silent about longest; it does so every minute or so. null: not everything has been read yet.',
      }),
    ),
  },
  { $id: 'Readiness' },
)
