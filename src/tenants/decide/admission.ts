/**
 * What the cluster makes of a manifest: policies and webhooks may rewrite whatever is written. Pure; the answers were found by dry runs,
 * or by a write that changed nothing.
 */

import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node'
import { covers } from '../../manifests/compare.ts'
import { differences } from '../../manifests/differences.ts'
import { annotations } from '../../manifests/labels.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'

/**
 * A manifest that was tried on a live object, and what would be stored. Undefined: that cannot be found out, as a webhook takes no
 * dry runs.
 */
export type Admission = { resourceVersion: string; manifest: string; stored: object | undefined }
/** By the uid of the live object. */
export type Admissions = ReadonlyMap<string, Admission>
export const NONE_TRIED: Admissions = new Map()

/** What no policy may change: the tenant would not be what was asked for, or its data not be safe. */
const ESSENTIAL = [
  /^spec\.(replicas|strategy\.type|hard(\.|$)|scopeSelector(\.|$))/,
  /^(roleRef|subjects)/,
  new RegExp(`^spec\\.template\\.spec\\.containers\\[${CONTAINER_NAME}\\]\\.resources\\.limits\\.memory$`),
]

/** The longest list of rewritten fields that an object is annotated with (characters). */
const NOTED_LENGTH = 2000

/** What came of trying the manifest on the object as it is now; undefined: it was not tried. */
export function admissionOf(
  admissions: Admissions,
  { metadata }: KubernetesObject,
  manifest: object,
): Pick<Admission, 'stored'> | undefined {
  const known = admissions.get(metadata!.uid!)
  const isThis = known?.resourceVersion === metadata!.resourceVersion && known?.manifest === JSON.stringify(manifest)
  return isThis ? known : undefined
}

/** Fields of a live object that say something else than the manifest, policies' own not counted: these are noted on the object. */
export function unexplained(live: KubernetesObject, manifest: object): string[] {
  const explained = new Set(notedOn(live))
  return differences(live, manifest).filter((field) => !explained.has(field))
}

/** The fields that are noted on a live object as policies' own. */
export function notedOn({ metadata }: KubernetesObject): string[] {
  return metadata?.annotations?.[annotations.rewritten]?.split(',') ?? []
}

/** The manifest with a note of what policies make of it, so that nobody takes that for drift. */
export function noted<T extends KubernetesObject>(manifest: T, rewritten: readonly string[]): T {
  const { [annotations.rewritten]: _, ...others } = manifest.metadata?.annotations ?? {}
  const note = rewritten.join(',')
  const isNoted = rewritten.length > 0 && note.length <= NOTED_LENGTH
  return {
    ...manifest,
    metadata: { ...manifest.metadata, annotations: isNoted ? { ...others, [annotations.rewritten]: note } : others },
  }
}

/** Those of the fields that no policy may change. */
export function essential(fields: readonly string[]): string[] {
  return fields.filter((field) => ESSENTIAL.some((pattern) => pattern.test(field)))
}

/** Whether a write of what would be stored changes nothing. */
export function isKept(live: KubernetesObject, stored: object): boolean {
  const said = ({ metadata, spec }: KubernetesObject & { spec?: unknown }) => {
    return { metadata: { labels: metadata?.labels, annotations: metadata?.annotations }, spec }
  }
  return covers(said(live), said(stored)) && covers(said(stored), said(live))
}

/** Fields of the pod template, the database's RAM and CPU excepted, that a policy would change in the live one: a new pod is due. */
export function templateChanges(live: V1Deployment, stored: V1Deployment): string[] {
  const [before, after] = [unsized(live), unsized(stored)]
  return [...new Set([...differences(before, after), ...differences(after, before)])].map(
    (field) => `spec.template.${field}`,
  )
}

function unsized({ spec }: V1Deployment) {
  const { metadata, spec: pod } = spec!.template
  const containers = pod?.containers.map((container) => {
    if (container.name !== CONTAINER_NAME) return container
    const { requests = {}, limits = {}, ...resources } = container.resources ?? {}
    return { ...container, resources: { ...resources, requests: others(requests), limits: others(limits) } }
  })
  return { metadata: { labels: metadata?.labels, annotations: metadata?.annotations }, spec: { ...pod, containers } }
}

const others = ({ cpu: _, memory: __, ...rest }: Record<string, string>) => rest
