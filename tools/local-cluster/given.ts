import type { StorageV1Api, V1StorageClass } from '@kubernetes/client-node'
import type { Cluster } from './cluster.ts'

/** The cluster of `TEST_KUBECONFIG`. Nothing is started, stopped or made in it: it may be somebody's. */
export async function givenCluster(name: string, kubeconfig: string): Promise<Cluster> {
  const { KubeConfig, StorageV1Api } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  return {
    name,
    kind: 'given',
    description: `The cluster at ${config.getCurrentCluster()?.server}, because TEST_KUBECONFIG names it.`,
    kubeconfig,
    runsPods: true,
    image: process.env.TEST_IMAGE ?? 'volandoo/fluxiondb:latest',
    storageClasses: await chooseClasses(config.makeApiClient(StorageV1Api)),
    processes: {},
  }
}

/** The default class where it fits, else any that does; '' where none does. */
async function chooseClasses(storage: StorageV1Api): Promise<Cluster['storageClasses']> {
  const { items } = await storage.listStorageClass()
  const candidates = items.sort((a, b) => Number(isDefault(b)) - Number(isDefault(a)))
  const first = (expands: boolean) => candidates.find((c) => (c.allowVolumeExpansion ?? false) === expands)
  return { expanding: first(true)?.metadata?.name ?? '', fixed: first(false)?.metadata?.name ?? '' }
}

function isDefault(storageClass: V1StorageClass): boolean {
  return storageClass.metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
}
