import type { Tenant } from '../../manifests/desired.ts'
import { livePods, type Observed } from '../observe/observed.ts'

/** The rows of our own quota. Others, which somebody has added to it, may not go together with its scope. */
const OUR_ROWS = new Set(['pods', 'persistentvolumeclaims'])

/**
 * Whether every pod of the database that is there or that a controller can make has a priority class, so that a quota that counts
 * only such pods counts them all. One that it does not count would be a second database on the volume.
 */
export function allHaveClass(
  { desired }: Tenant,
  { pods, deployment, replicaSets, quota }: Pick<Observed, 'pods' | 'deployment' | 'replicaSets' | 'quota'>,
): boolean {
  const makers = [...(deployment ? [deployment] : []), ...replicaSets.filter(({ spec }) => spec?.replicas !== 0)]
  return (
    desired.options.priorityClassName !== null &&
    livePods(pods).every(({ spec }) => hasClass(spec)) &&
    makers.every(({ spec }) => hasClass(spec?.template?.spec)) &&
    Object.keys(quota?.spec?.hard ?? {}).every((row) => OUR_ROWS.has(row))
  )
}

export function hasClass(spec: { priorityClassName?: string } | undefined): boolean {
  return Boolean(spec?.priorityClassName)
}
