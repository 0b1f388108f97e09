import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node'
import { renderDeployment, renderDeploymentKeeping } from '../../manifests/deployment.ts'
import { type Difference, differencesOf } from '../../manifests/differences.ts'
import { annotations } from '../../manifests/labels.ts'
import { RENDERER_VERSION } from '../../manifests/pod-template.ts'
import { renderSurroundings, type Surroundings } from '../../manifests/render.ts'
import type { ServiceIdentity } from '../../manifests/role-binding.ts'
import { renderServiceKeeping } from '../../manifests/service.ts'
import { isTerminating, type Observed } from '../observe/observed.ts'
import { type Spec, tenantOf } from '../record/spec.ts'
import { notedOn } from './admission.ts'
import { allHaveClass } from './priority-class.ts'

/**
 * One field of a tenant's objects that another hand has changed.
 * `object`: kind and name; `field`: its path, empty if the object is missing as a whole; `wanted`, `found`: as JSON, null if there
 * is nothing, and of no more than LONGEST characters.
 * `repair`: `automatic`, within seconds, or only by a `restart` that somebody asks for, as a new pod template starts a new pod.
 */
export type Drift = {
  userId: string
  object: string
  field: string
  wanted: string | null
  found: string | null
  repair: 'automatic' | 'restart'
}

const LONGEST = 500

/** What of a tenant's objects is not as its record says, while no operation is at work on it. Policies' own changes are no drift. */
export function driftOf(spec: Spec, observed: Observed, serviceIdentity: ServiceIdentity): Drift[] {
  const isOthersMatter = !spec.committed || spec.purgeRequestedAt !== null || isTerminating(observed.namespace)
  if (isOthersMatter || spec.operation.state === 'running') return []
  const tenant = tenantOf(spec, { resizePods: true })
  const surroundings = {
    ...renderSurroundings(tenant, serviceIdentity, allHaveClass(tenant, observed)),
    service: renderServiceKeeping(tenant, observed.service),
  }
  const around = (Object.keys(surroundings) as (keyof Surroundings)[]).flatMap((part) => {
    const [rendered, live] = [surroundings[part], observed[part]]
    // What of a claim may be changed at all is an operation's matter.
    if (rendered === undefined || (part === 'claim' && live !== undefined)) return []
    return driftIn(spec, rendered, live, 'automatic')
  })
  return [...around, ...deploymentDrift(spec, observed)]
}

function deploymentDrift(spec: Spec, { deployment }: Observed): Drift[] {
  const tenant = tenantOf(spec, { resizePods: true })
  if (deployment === undefined) return driftIn(spec, renderDeployment(tenant), undefined, 'automatic')
  const own = driftIn(spec, renderDeploymentKeeping(tenant, deployment), deployment, 'automatic')
  const template = templateDrift(spec, deployment).map((one) => drift(spec, deployment, one, 'restart'))
  return [...own, ...template.filter(({ field }) => own.every((one) => one.field !== field))]
}

/** Only an operation changes a pod template, so a live one may be older than today's, which is no drift, or another hand's. */
export function templateDrift(spec: Spec, deployment: V1Deployment): Difference[] {
  if (deployment.metadata?.annotations?.[annotations.renderer] !== RENDERER_VERSION) return []
  const rendered = renderDeployment(tenantOf(spec, { resizePods: true }))
  return unexplainedIn(deployment, { spec: { template: rendered.spec?.template } })
}

function driftIn(
  spec: Spec,
  rendered: KubernetesObject,
  live: KubernetesObject | undefined,
  repair: Drift['repair'],
): Drift[] {
  if (live === undefined)
    return [drift(spec, rendered, { field: '', wanted: rendered.metadata?.name, found: undefined }, repair)]
  if (isTerminating(live as { metadata?: { deletionTimestamp?: Date } })) return []
  return unexplainedIn(live, rendered).map((one) => drift(spec, rendered, one, repair))
}

function unexplainedIn(live: KubernetesObject, rendered: object): Difference[] {
  const explained = new Set(notedOn(live))
  return differencesOf(live, rendered).filter(({ field }) => !explained.has(field))
}

function drift(
  { userId }: Spec,
  { kind, metadata }: KubernetesObject,
  { field, wanted, found }: Difference,
  repair: Drift['repair'],
): Drift {
  return { userId, object: `${kind}/${metadata?.name}`, field, wanted: shown(wanted), found: shown(found), repair }
}

function shown(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value).slice(0, LONGEST)
}
