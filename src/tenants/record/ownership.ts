import { Value } from '@sinclair/typebox/value'
import { annotations } from '../../manifests/labels.ts'
import { type Operation, OperationSchema } from './operation.ts'

/** What the Secret's annotation says where a leftover is being removed: nobody can create the tenant any more. */
const TOMBSTONE = 'tombstone'

/** The annotation's value by which a Secret says whose create it was. No secret is in it. */
export function ownerAnnotation(operation: Operation): string {
  return JSON.stringify(operation)
}

/** The value of the annotation with which the remover of a leftover wins the Secret's name. */
export const tombstoneAnnotation = JSON.stringify(TOMBSTONE)

/** The operation whose Secret made this namespace a tenant; undefined if no Secret was read, or it is a tombstone. */
export function committedBy(secretAnnotations: Record<string, string> | undefined): Operation | undefined {
  const value = secretAnnotations?.[annotations.operation]
  if (value === undefined || value === tombstoneAnnotation) return undefined
  return Value.Decode(OperationSchema, JSON.parse(value))
}

export function isTombstone(secretAnnotations: Record<string, string> | undefined): boolean {
  return secretAnnotations?.[annotations.operation] === tombstoneAnnotation
}
