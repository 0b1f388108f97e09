import { Value } from '@sinclair/typebox/value'
import { annotations } from '../../manifests/labels.ts'
import { type Operation, OperationSchema } from './operation.ts'

/** The annotation's value by which a Secret says whose create it was. No secret is in it. */
export function ownerAnnotation(operation: Operation): string {
  return JSON.stringify(operation)
}

/**
 * The annotation's value with which the remover of a leftover wins the Secret's name. It is another one each time, so that a
 * create which has read an earlier one cannot replace it.
 */
export function tombstoneAnnotation(now: string): string {
  return JSON.stringify({ tombstone: now })
}

/** The operation whose Secret made this namespace a tenant; undefined if no Secret was read, or it is a tombstone. */
export function committedBy(secretAnnotations: Record<string, string> | undefined): Operation | undefined {
  const value = secretAnnotations?.[annotations.operation]
  if (value === undefined || isTombstone(secretAnnotations)) return undefined
  return Value.Decode(OperationSchema, JSON.parse(value))
}

/** Whether a Secret stands only for a leftover that was removed, or is about to be. */
export function isTombstone(secretAnnotations: Record<string, string> | undefined): boolean {
  const value = secretAnnotations?.[annotations.operation]
  // Earlier versions wrote the bare word.
  return value === '"tombstone"' || value?.startsWith('{"tombstone":') === true
}
