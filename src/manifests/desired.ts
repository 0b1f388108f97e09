import { type Static, Type } from '@sinclair/typebox'
import { type Asked, OptionsSchema } from './options.ts'

const AskedSchema = Type.Unsafe<Asked>(Type.Object({}, { additionalProperties: true }))

/**
 * What a tenant shall be, every option settled, so that a later default changes nothing. Stored in the namespace's spec
 * annotation. Sizes are Kubernetes quantities as `formatBytes` and `formatMillicores` write them. No secrets.
 */
export const DesiredSchema = Type.Object({
  ramSize: Type.String(),
  storageSize: Type.String(),
  cpu: Type.Object({ request: Type.String(), limit: Type.String() }),
  /** What the node keeps free for a database that was taken over with less than its RAM, until that changes; else its RAM. */
  memoryRequest: Type.Optional(Type.String()),
  options: OptionsSchema,
  /** What callers have asked for of the options; the rest came from elsewhere and may be settled anew. */
  asked: AskedSchema,
  /** Options that it was taken over with: they stay, as if they were the defaults, until somebody asks for others. */
  kept: Type.Optional(AskedSchema),
  /** The size plan that it is on, and the options that came with it. */
  sizePlan: Type.Union([Type.Object({ name: Type.String(), options: AskedSchema }), Type.Null()]),
  /** Raised by each operation that changes the pod template in more than sizes; starts at 1. */
  templateRevision: Type.Integer(),
})
export type Desired = Static<typeof DesiredSchema>

/** All that the renderers are given. */
export type Tenant = {
  userId: string
  /** The generation of the record that last changed the Deployment: the fence that it carries. */
  generation: number
  /** Whether the database shall run: 1 or 0 replicas. */
  running: boolean
  /** Whether it is kept only for its data: then nobody is let in from outside. */
  deleted: boolean
  /** How a size comes to a running pod: by the node, or by a new pod. */
  resize: 'inPlace' | 'restart'
  desired: Desired
}
