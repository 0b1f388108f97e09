import type { V1Pod, V1ResourceRequirements } from '@kubernetes/client-node'
import { sameQuantity } from '../../manifests/compare.ts'
import { CONTAINER_NAME } from '../../manifests/names.ts'

/**
 * The resources that differ from a running pod's and for whose change its kubelet starts the container anew: as the pod itself
 * says, whatever its template does.
 */
export function restartingResources({ spec }: V1Pod, wanted: V1ResourceRequirements): string[] {
  const { resources, resizePolicy = [] } = spec?.containers.find(({ name }) => name === CONTAINER_NAME) ?? {}
  const differs = (name: string) =>
    (['requests', 'limits'] as const).some((kind) => {
      const amount = wanted[kind]?.[name]
      return amount !== undefined && !sameQuantity(resources?.[kind]?.[name] ?? '', amount)
    })
  return resizePolicy
    .filter(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && differs(resourceName))
    .map(({ resourceName }) => resourceName)
}
