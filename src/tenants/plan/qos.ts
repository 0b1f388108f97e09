import type { V1Pod } from '@kubernetes/client-node'
import { sameQuantity } from '../../manifests/compare.ts'
import type { Desired } from '../../manifests/desired.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'
import { renderResources } from '../../manifests/pod-template.ts'

/**
 * Whether a pod would be of another quality-of-service class with these sizes: Guaranteed only if every container asks for exactly
 * its limits. Kubernetes refuses to resize a pod into another class.
 */
export function changesQos({ spec, status }: V1Pod, desired: Desired): boolean {
  if (status?.qosClass === undefined) return false
  const isExact = (resources: ReturnType<typeof renderResources> | undefined) =>
    ['cpu', 'memory'].every((name) => sameQuantity(resources?.requests?.[name] ?? '', resources?.limits?.[name] ?? ''))
  const isGuaranteed = (spec?.containers ?? []).every(({ name, resources }) =>
    isExact(name === CONTAINER_NAME ? renderResources(desired) : resources),
  )
  return isGuaranteed !== (status.qosClass === 'Guaranteed')
}
