import type { V1StorageClass } from '@kubernetes/client-node'

export const provisioner = 'volumes.fluxiondb.com/local'

/** What happens when a claim asks for more: at once; refused; after ten seconds; the volume grows, the claim never hears. */
export type Growth = 'immediate' | 'refuse' | 'slow' | 'half'

/** The classes that grow are `local` and those that fail in growing in the ways that real storage does. */
export const classes: V1StorageClass[] = [
  storageClass('local', { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
  storageClass('local-fixed', { expands: false }),
  storageClass('local-refusing', { growth: 'refuse' }),
  storageClass('local-slow', { growth: 'slow' }),
  storageClass('local-half', { growth: 'half' }),
  storageClass('local-wait', { waits: true }),
]

type Options = { growth?: Growth; expands?: boolean; waits?: boolean; annotations?: Record<string, string> }

function storageClass(name: string, { growth = 'immediate', expands = true, waits, annotations }: Options) {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...(annotations && { annotations }) },
    provisioner,
    parameters: { growth },
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: expands,
    volumeBindingMode: waits ? 'WaitForFirstConsumer' : 'Immediate',
  }
}
