import { SchedulingV1Api } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { helm } from '../../tools/helm.ts'
import { buildServiceImage, type Replaced } from '../../tools/images/service.ts'
import { loadImage } from '../../tools/local-cluster/cluster.ts'
import { apiOf, until } from './api.ts'
import type { TestCluster } from './cluster.ts'
import { removeNamespace } from './tenant-objects.ts'

const CHART = new URL('../../charts/fluxiondb-provisioner', import.meta.url).pathname

/**
 * The service as operators run it: installed by its chart from its image, two replicas, reached by its ClusterIP. What it is
 * installed with is uninstalled at the end of `t`.
 */
export function releaseOf(t: Test, cluster: TestCluster, name: string, namespace = name) {
  const { core, apps, config } = cluster.admin
  const fullname = `${name}-fluxiondb-provisioner`
  const act = (...args: string[]) =>
    helm([...args, `--kubeconfig=${cluster.kubeconfig}`, `--namespace=${namespace}`], () => {})

  /** The image of this checkout, with some of its files replaced, as values of the chart. */
  async function image(replaced?: Replaced): Promise<Record<string, string>> {
    const built = await buildServiceImage(() => {}, replaced)
    await loadImage(cluster.name, built)
    const [repository, tag] = built.ref.split(/:(?=[^:]+$)/) as [string, string]
    return { 'image.repository': repository, 'image.tag': tag, 'image.pullPolicy': 'Never' }
  }

  const values = (given: Record<string, string> = {}) =>
    Object.entries({
      // Two replicas, and a third one during an upgrade, beside everything else on a small machine.
      'resources.requests.cpu': '20m',
      'resources.requests.memory': '128Mi',
      'settings.IMAGE': cluster.image,
      'settings.STORAGE_CLASS': cluster.storageClasses.expanding,
      'settings.CPU_REQUEST_PERCENT': '1',
      'settings.FLUSH_INTERVAL_SECONDS': '1',
      // Clients of tests ask as fast as they are answered.
      'settings.REQUESTS_PER_MINUTE': '0',
      ...given,
    }).map(([path, value]) => `--set=${path}=${value}`)
  const waiting = ['--wait', '--timeout=180s']

  t.teardown(async () => {
    await act('uninstall', name, '--ignore-not-found', ...waiting)
    await removeNamespace(cluster, namespace)
    // It outlives the release, as tenants do.
    const scheduling = config.makeApiClient(SchedulingV1Api)
    await scheduling.deletePriorityClass({ name: `${fullname}-database` }).catch((error) => {
      if (error.code !== 404) throw error
    })
  })
  return {
    fullname,
    namespace,
    image,
    /** Arguments of Helm that make it fit here. */
    values,
    install: (given: Record<string, string>) =>
      act('install', name, CHART, '--create-namespace', ...values(given), ...waiting),
    /** Ends when the pods of the version before are gone too. */
    async upgrade(given: Record<string, string>) {
      const before = await core.listNamespacedPod({ namespace })
      await act('upgrade', name, CHART, ...values(given), ...waiting)
      const names = before.items.map(({ metadata }) => metadata?.name)
      await until('the earlier pods are gone', async () => {
        const { items } = await core.listNamespacedPod({ namespace })
        return items.every(({ metadata }) => !names.includes(metadata?.name))
      })
    },
    test: () => act('test', name, '--timeout=60s'),
    uninstall: () => act('uninstall', name, ...waiting),
    deployment: () => apps.readNamespacedDeployment({ name: fullname, namespace }),
    pods: async () => (await core.listNamespacedPod({ namespace })).items,
    /** What the notes of the chart tell an operator to do. */
    async firstCredential(): Promise<string> {
      const secret = await until('the first credential', () =>
        core.readNamespacedSecret({ name: `${fullname}-first-credential`, namespace }).catch(() => undefined),
      )
      return atob(secret.data!.key!)
    },
    async service(key: string) {
      const { spec } = await core.readNamespacedService({ name: fullname, namespace })
      const address = `http://${spec!.clusterIP}:${spec!.ports![0]!.port}`
      return { address, key, api: apiOf({ address, key }) }
    },
  }
}
