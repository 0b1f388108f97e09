import { type Allotment, allotmentOf, withAllotments } from '../record/allotment.ts'
import type { Spec } from '../record/spec.ts'

/**
 * What a tenant was given, oldest first: what is kept of it beside its record, and what only its record says so far. Of a record of an
 * earlier version that is no more than what it has had since its last change.
 */
export function allotmentsWith(kept: readonly Allotment[], spec: Spec): Allotment[] {
  const { operation, ended } = spec
  const first = operation.allotted ? [] : [{ allotted: [allotmentOf(spec, spec.updatedAt)] }]
  return withAllotments(kept, [...ended, ...first, operation])
}
