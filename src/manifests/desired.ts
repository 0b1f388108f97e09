import { type Static, Type } from '@sinclair/typebox'

/**
 * What a tenant shall be, every option resolved, so that a later default changes nothing. Stored in the namespace's spec
 * annotation. Sizes are Kubernetes quantities as `formatBytes` and `formatMillicores` write them. No secrets.
 */
export const DesiredSchema = Type.Object({
  ramSize: Type.String(),
  storageSize: Type.String(),
  /** `null`: the cluster's default class. */
  storageClassName: Type.Union([Type.String(), Type.Null()]),
  cpu: Type.Object({ request: Type.String(), limit: Type.String() }),
  image: Type.String(),
  imagePullPolicy: Type.Union([Type.Literal('Always'), Type.Literal('IfNotPresent'), Type.Literal('Never')]),
  flushIntervalSeconds: Type.Integer(),
  dataFolder: Type.String(),
  livenessProbe: Type.Union([Type.Literal('exec'), Type.Literal('tcp')]),
  networkPolicy: Type.Boolean(),
  /** Raised by each operation that changes the pod template in more than sizes; starts at 1. */
  templateRevision: Type.Integer(),
})
export type Desired = Static<typeof DesiredSchema>

/** All that the renderers are given. */
export type Tenant = {
  userId: string
  /** The spec's generation: the fence that the Deployment carries. */
  generation: number
  /** Whether the database shall run: 1 or 0 replicas. */
  running: boolean
  /** How a size comes to a running pod: by the node, or by a new pod. */
  resize: 'inPlace' | 'restart'
  desired: Desired
}
