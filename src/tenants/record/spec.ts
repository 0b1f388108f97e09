import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { Value } from '@sinclair/typebox/value'
import type { Capabilities } from '../../kubernetes/capabilities.ts'
import { DesiredSchema, type Tenant } from '../../manifests/desired.ts'
import { OperationSchema } from './operation.ts'

/**
 * The whole record of a tenant: one JSON annotation on its namespace, changed only under the namespace's resourceVersion.
 * Nothing here is observed, and nothing is secret.
 */
export const SpecSchema = Type.Object({
  userId: Type.String(),
  /** Raised by every change of what is desired, never lowered. */
  generation: Type.Integer(),
  /**
   * The generation of the last change that the Deployment has to follow: its fence. Any other change leaves it alone. Records of
   * earlier versions lack it; there it is the generation.
   */
  workloadGeneration: Type.Optional(Type.Integer()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  /** Set by the first pass over it: the Secret was seen, so this is a tenant and must never be removed as a leftover. */
  committed: Type.Boolean(),
  /** No pod, all else kept. */
  suspended: Type.Boolean({ default: false }),
  /** Id of a rotation whose key is in the Secret and not in force yet; null: there is none. */
  pendingKey: Type.Union([Type.String(), Type.Null()], { default: null }),
  /**
   * What the labels of this service replaced on a namespace that an operator had made, by key; null: no label. Null as a whole:
   * this service made the namespace.
   */
  prepared: Type.Union(
    [Type.Object({ labels: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])) }), Type.Null()],
    { default: null },
  ),
  /** The Helm release that it was taken over from; `taken` once nothing of it is Helm's any more. */
  helm: Type.Union([Type.Object({ release: Type.String(), taken: Type.Boolean() }), Type.Null()], { default: null }),
  deletedAt: Type.Union([Type.String(), Type.Null()]),
  purgeRequestedAt: Type.Union([Type.String(), Type.Null()]),
  desired: DesiredSchema,
  /** What was desired when an operation last succeeded; a failed one goes back to it. */
  previous: Type.Union([DesiredSchema, Type.Null()]),
  operation: OperationSchema,
  /** Operations that ended before they were in the history; kept here until they are. */
  ended: Type.Array(OperationSchema),
})
export type Spec = Static<typeof SpecSchema>
const CHECKER = TypeCompiler.Compile(SpecSchema)

/** A namespace of ours carries a spec that this version cannot read. */
export class UnreadableSpecError extends Error {
  override name = 'UnreadableSpecError'
  /** JSON pointer to what cannot be read, for operators; empty: the record is no JSON. What stands there is never told. */
  readonly at: string

  constructor(at: string) {
    super('the annotation fluxiondb.com/spec does not hold a tenant spec')
    this.at = at
  }
}

/** @throws UnreadableSpecError if the annotation is missing, is no JSON, or is not a spec */
export function parseSpec(annotation: string | undefined): Spec {
  let record: unknown
  try {
    record = JSON.parse(annotation ?? '')
  } catch {
    throw new UnreadableSpecError('')
  }
  if (CHECKER.Check(record)) return record
  // Records of earlier versions lack what has come since.
  record = Value.Default(SpecSchema, record)
  if (CHECKER.Check(record)) return record
  throw new UnreadableSpecError(CHECKER.Errors(record).First()?.path ?? '')
}

/**
 * What the renderers are given for a spec: a deleted or suspended tenant keeps everything but its running pod. Sizes come by a
 * restart where the cluster cannot do without, and where the current operation, or the one that just failed, says so.
 */
export function tenantOf(spec: Spec, { resizePods }: Pick<Capabilities, 'resizePods'>): Tenant {
  const byRestart = spec.operation.resize === 'restart' && spec.operation.state !== 'succeeded'
  return {
    userId: spec.userId,
    generation: spec.workloadGeneration ?? spec.generation,
    deleted: spec.deletedAt !== null || spec.purgeRequestedAt !== null,
    running: spec.deletedAt === null && spec.purgeRequestedAt === null && !spec.suspended,
    resize: resizePods && !byRestart ? 'inPlace' : 'restart',
    desired: spec.desired,
  }
}
