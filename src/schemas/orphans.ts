import { Type } from '@sinclair/typebox'
import { ORPHAN_REASONS } from '../tenants/view/orphans.ts'
import { nullable, oneOf } from './enumeration.ts'

export const OrphanListSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        kind: oneOf(['Namespace', 'PersistentVolume']),
        name: Type.String(),
        userId: Type.String({ description: 'The tenant that it was, or would be.' }),
        reason: oneOf(ORPHAN_REASONS, {
          description:
            'NoRecord: a namespace with our label and no record; CreateCutOff: a create ended before there was a tenant, and left something that holds data; VolumeReleased: the disk of a tenant that was purged, or of an earlier one of the same id, which its reclaim policy has kept.',
        }),
        since: nullable(Type.String({ format: 'date-time' })),
        storageBytes: Type.Integer({ description: 'What it takes up of storage.' }),
        adopt: Type.String({ description: 'How it becomes of use again, for people.' }),
        purge: Type.String({ description: 'How it is removed for good, for people.' }),
      }),
    ),
    storageBytes: Type.Integer({ description: 'Of all of them.' }),
  },
  { $id: 'OrphanList', description: 'What is left of tenants, and belongs to none.' },
)
