import type { V1Namespace } from '@kubernetes/client-node'
import { claimNameOf } from '../../manifests/claim.ts'
import { namesFor } from '../../manifests/names.ts'
import { specOf } from '../record/repository.ts'
import { UnreadableSpecError } from '../record/spec.ts'

/** The name of the claim that holds a tenant's data, as its record says. */
export function claimNameIn(namespace: V1Namespace, userId: string): string {
  const { fullname } = namesFor(userId)
  try {
    return claimNameOf(userId, specOf(namespace).desired) ?? fullname
  } catch (error) {
    if (error instanceof UnreadableSpecError) return fullname // Whoever needs the record finds out by himself.
    throw error
  }
}
