import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  StorageV1Api,
  VersionApi,
} from '@kubernetes/client-node'
import { cachePath } from '../../tools/cache.ts'
import { type Cluster, up } from '../../tools/local-cluster/cluster.ts'
import { grantRights } from '../../tools/service-account.ts'

export type TestCluster = Cluster & {
  /** A kubeconfig with the rights of the chart's ServiceAccount: what the service under test is given. */
  serviceKubeconfig: string
  /** Whether a pod can be given other sizes without a restart, less memory too (Kubernetes 1.34). */
  resizesPods: boolean
  /** For arranging and looking; never for what is tested. */
  admin: {
    config: KubeConfig
    core: CoreV1Api
    apps: AppsV1Api
    networking: NetworkingV1Api
    rbac: RbacAuthorizationV1Api
    storage: StorageV1Api
  }
}

/** The cluster of the tests: the one that `npm test` has started, else one that is started now and stays. */
export async function testCluster(name = process.env.TEST_CLUSTER_NAME ?? 'test'): Promise<TestCluster> {
  const report = () => {}
  const cluster = await up({ name, report })
  const folder = join(cachePath('clusters', name), `test-${process.pid}`)
  await mkdir(folder, { recursive: true })
  const config = new KubeConfig()
  config.loadFromFile(cluster.kubeconfig)
  return {
    ...cluster,
    resizesPods: await resizesPods(config),
    serviceKubeconfig: await grantRights(cluster.kubeconfig, folder, report),
    admin: {
      config,
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      networking: config.makeApiClient(NetworkingV1Api),
      rbac: config.makeApiClient(RbacAuthorizationV1Api),
      storage: config.makeApiClient(StorageV1Api),
    },
  }
}

async function resizesPods(config: KubeConfig): Promise<boolean> {
  const { minor } = await config.makeApiClient(VersionApi).getCode()
  return Number.parseInt(minor, 10) >= 34
}

/** Why tests of changes in place are skipped on this cluster; false if they are not. */
export function withoutResize(cluster: TestCluster): string | false {
  if (!cluster.runsPods) return withoutPods(cluster)
  return cluster.resizesPods ? false : `a Kubernetes before 1.34, which does not resize pods: ${cluster.description}`
}

/** Why tests that need a database pod are skipped on this cluster; false if they are not. As tap's `skip` option takes it. */
export function withoutPods(cluster: Cluster): string | false {
  return cluster.runsPods ? false : `no node that runs pods: ${cluster.description}`
}
