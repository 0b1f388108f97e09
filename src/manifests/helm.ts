/** How Helm marks what is its own, and how its records of a release are kept once it is not Helm's any more. */

import type { KubernetesObject, V1Secret } from '@kubernetes/client-node'
import { labelsFor } from './labels.ts'

/** By these Helm knows its objects; without them it refuses to touch them. */
const RELEASE_ANNOTATION = 'meta.helm.sh/release-name'
export const HELM_ANNOTATIONS = [RELEASE_ANNOTATION, 'meta.helm.sh/release-namespace'] as const
export const CHART_LABEL = 'helm.sh/chart'
/** Helm finds its records by their labels, and reads Secrets of its own type only. */
const KEPT_TYPE = 'fluxiondb.com/helm-release'
const KEPT_PREFIX = 'kept.'

/** The release that an object belongs to; undefined: it is not Helm's. */
export function releaseOf(object: KubernetesObject | undefined): string | undefined {
  return object?.metadata?.annotations?.[RELEASE_ANNOTATION]
}

/** Selects Helm's records of a release, one for each revision. */
export function recordSelector(release: string): string {
  return `owner=helm,name=${release}`
}

/** Whether a Helm command is under way, or was cut off, as the record of the release says. */
export function isAtWork({ metadata }: V1Secret): boolean {
  const status = metadata?.labels?.status ?? ''
  return status.startsWith('pending-') || status === 'uninstalling'
}

/** A copy of one of Helm's records that Helm cannot find: so nothing is lost, and nothing can be done with it by mistake. */
export function renderKeptRecord(userId: string, { metadata, data }: V1Secret): V1Secret {
  const { name, namespace } = metadata as { name: string; namespace: string }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: KEPT_PREFIX + name, namespace, labels: labelsFor(userId) },
    type: KEPT_TYPE,
    data: data ?? {},
  }
}
