import type { V1Ingress } from '@kubernetes/client-node'
import type { Tenant } from '../../manifests/desired.ts'
import { TENANT_LABEL } from '../../manifests/labels.ts'
import { writtenIn } from '../../manifests/merge.ts'
import type { Surroundings } from '../../manifests/render.ts'
import { isTerminating, type Observed } from '../observe/observed.ts'
import type { Spec } from '../record/spec.ts'
import { type Admissions, noted, notedOn } from './admission.ts'
import type { Act, Decision } from './decide.ts'
import { act, applied, notAccepted, writeOf } from './decisions.ts'

/**
 * All but the Deployment: whatever is missing or says something else is applied. A claim that exists is the volume's matter.
 * @param trustsNotes as `writeOf` says
 */
export function decideSurroundings(
  tenant: Tenant,
  rendered: Partial<Surroundings>,
  observed: Observed,
  admissions: Admissions,
  trustsNotes = true,
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
    if (part === 'ingress' && isBackAtDefaultClass(observed.ingress!, rendered.ingress!)) {
      return [remove('Ingress', live)]
    }
    const change = writeOf(admissions, live, noted(object, notedOn(live)), trustsNotes)
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

/** Only a change of options is about the Ingress: no other shall fail because somebody keeps the old one from going. */
export function isIngressAwaited({ operation }: Spec, { ingress }: Surroundings, observed: Observed): boolean {
  return operation.type === 'update' && ingress !== undefined && isTerminating(observed.ingress)
}

/** Only a new Ingress is given the cluster's default class. */
function isBackAtDefaultClass(live: V1Ingress, { spec }: V1Ingress): boolean {
  return spec?.ingressClassName === undefined && writtenIn(live, ['spec']).includes('ingressClassName')
}
