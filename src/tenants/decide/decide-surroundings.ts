import type { Appliable } from '../../kubernetes/apply.ts'
import { leftovers } from '../../manifests/compare.ts'
import type { Tenant } from '../../manifests/desired.ts'
import { annotations, FIELD_MANAGER, TENANT_LABEL } from '../../manifests/labels.ts'
import type { Surroundings } from '../../manifests/render.ts'
import { isTerminating, type Observed } from '../observe/observed.ts'
import { type Admissions, noted } from './admission.ts'
import type { Act, Decision } from './decide.ts'
import { act, applied, notAccepted, writeOf } from './decisions.ts'

/** All but the Deployment: whatever is missing or says something else is applied. A claim that exists is the volume's matter. */
export function decideSurroundings(
  tenant: Tenant,
  rendered: Partial<Surroundings>,
  observed: Observed,
  admissions: Admissions,
): Decision | undefined {
  const refused: string[] = []
  const isPrepared = tenant.desired.options.storage.existingClaim !== null
  const acts = (Object.keys(rendered) as (keyof Surroundings)[]).flatMap((part): Act[] => {
    const object = rendered[part]
    const live = observed[part]
    if (object === undefined) return surplus(live)
    // A claim that is ours is the volume's matter; one that an operator has prepared must be there.
    if (part === 'claim' && (live ? isLabelled(live) : isPrepared)) return []
    // A create of the claim that is cut off stays charged to a quota, which then refuses the claim for up to five minutes.
    if (part === 'quota' && live === undefined && rendered.claim && observed.claim === undefined) return []
    if (isTerminating(live)) return []
    if (part === 'roleBinding' && isOfOtherRole(observed.roleBinding, rendered.roleBinding!)) {
      return [remove('RoleBinding', observed.roleBinding!)]
    }
    if (live === undefined) return [applied(object, live)]
    const wanted = noted(object, live.metadata?.annotations?.[annotations.rewritten]?.split(',') ?? [])
    const left = leftovers(FIELD_MANAGER, live, wanted as never)
    if (left.annotations.length + left.spec.length > 0) return [applied(without(wanted, left.annotations), live)]
    const change = writeOf(admissions, live, wanted)
    if (change === undefined) return []
    if ('write' in change) return [change.write]
    refused.push(...change.refused.map((field) => `${object.kind} ${field}`))
    return []
  })
  if (acts.length > 0) return act('objects', ...acts)
  return refused.length > 0 ? notAccepted('objects', refused) : undefined
}

/** Only what is ours is removed: an Ingress of the same name may be the tenant's own matter. */
function surplus(live: Observed[keyof Surroundings]): Act[] {
  if (live === undefined || isTerminating(live) || !isLabelled(live)) return []
  const { kind } = live
  return kind === 'NetworkPolicy' || kind === 'Ingress' ? [remove(kind, live)] : []
}

/** Of a service that was installed under another name: the role of a binding cannot be changed, so it is made anew. */
function isOfOtherRole(live: Observed['roleBinding'], { roleRef }: Surroundings['roleBinding']): boolean {
  return live !== undefined && live.roleRef.name !== roleRef.name
}

function remove(kind: (Act & { do: 'delete' })['kind'], { metadata }: NonNullable<Observed[keyof Surroundings]>): Act {
  return { do: 'delete', kind, name: metadata!.name!, uid: metadata!.uid! }
}

const isLabelled = ({ metadata }: NonNullable<Observed[keyof Surroundings]>) =>
  metadata?.labels?.[TENANT_LABEL] !== undefined

/** A Service is merged, so what shall go from it must be named; an apply takes it away by leaving it out. */
function without<T extends Appliable>(object: T, annotations: readonly string[]): T {
  if (object.kind !== 'Service' || annotations.length === 0) return object
  const gone = Object.fromEntries(annotations.map((key) => [key, null as never]))
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata?.annotations, ...gone } } }
}
