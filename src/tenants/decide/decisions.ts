import type { V1Deployment } from '@kubernetes/client-node'
import { sameJson } from '../../canonical-json.ts'
import type { Appliable } from '../../kubernetes/apply.ts'
import { changeOf, unlike } from '../../manifests/merge.ts'
import { type Admissions, admissionOf, essential, isKept, noted, notedOn } from './admission.ts'
import type { Act, Decision, StepName } from './decide.ts'

export function act(step: StepName, ...acts: Act[]): Decision {
  return { step, next: 'act', acts }
}

export function wait(step: StepName, reason: string, message: string): Decision {
  return { step, next: 'wait', reason, message }
}

/** @param live what the manifest was decided on; undefined: there is none */
export function applied(object: Appliable, live: Appliable | undefined): Act {
  const resourceVersion = live?.metadata?.resourceVersion
  return { do: 'apply', object, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
}

/** Finds out what the cluster would make of the manifest; nothing is changed. */
export function tried(object: V1Deployment, { metadata }: V1Deployment): Act {
  const { uid, resourceVersion } = metadata as { uid: string; resourceVersion: string }
  return { do: 'dry-run', object, uid, resourceVersion }
}

export function notAccepted(step: StepName, fields: readonly string[]): Decision {
  const message = `a policy of the cluster changes ${fields.join(', ')}`
  return { step, next: 'failed', reason: 'NotAccepted', message }
}

/**
 * What makes a live object say what the manifest says, as far as policies of the cluster let it. What they change is noted on the
 * object, once. Undefined: nothing is to be written. Fields: these must not be changed, and a policy does.
 * @param trustsNotes false: what is asked for may be another thing than when the notes were made, so it is tried again
 */
export function writeOf<T extends Appliable>(
  admissions: Admissions,
  live: T,
  manifest: T,
  trustsNotes = true,
): { write: Act } | { refused: string[] } | undefined {
  const notes = notedOn(live)
  const isWithoutPolicy = !trustsNotes && unlike(live, manifest).length === 0
  const change = changeOf(live, isWithoutPolicy ? noted(manifest, []) : manifest, trustsNotes ? notes : [])
  if (change === undefined) return undefined
  const stored = admissionOf(admissions, live, change)?.stored
  if (stored === undefined || !isKept(live, stored)) return { write: applied(change, live) }
  const rewritten = unlike(live, manifest)
  const refused = essential(rewritten)
  if (refused.length > 0) return { refused }
  return sameJson(rewritten, notes) ? undefined : { write: applied(noted(change, rewritten), live) }
}
