import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import { ADOPTABLE_LABEL } from '../../src/manifests/labels.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { helm } from '../../tools/helm.ts'
import type { TestCluster } from './cluster.ts'
import { liveObjects, newUserId } from './tenant-objects.ts'

const CHART = new URL('../fixtures/original-chart', import.meta.url).pathname

/** How Helm writes its objects: 3 as an update, 4 as a server-side apply. The fields are owned differently. */
export type HelmStyle = 3 | 4

/**
 * A database as it was installed before this project, by a chart that stands in for the original one; its namespace is removed at
 * the end of `t`.
 */
export function originalOf(t: Test, cluster: TestCluster, prefix: string, style: HelmStyle = 3, chart = CHART) {
  const userId = newUserId(t, cluster, prefix)
  const { namespace, release, fullname } = namesFor(userId)
  const key = randomBytes(16).toString('hex')
  const [repository, tag] = cluster.image.split(/:(?=[^:]+$)/) as [string, string]
  const here = {
    'image.repository': repository,
    'image.tag': tag,
    // The chart of today has no such value, as the image starts by itself.
    ...(chart === CHART ? { command: '{/fluxiondb}' } : {}),
    'persistence.storageClass': cluster.storageClasses.expanding,
    'secret.secretKey': key,
    // A small machine: all of them find room, and end soon.
    'resources.requests.cpu': '10m',
    'env.flushInterval': '1',
  }
  const run = (...args: string[]) =>
    helm([...args, `--kubeconfig=${cluster.kubeconfig}`, `--namespace=${namespace}`], () => {})
  const act = (command: 'install' | 'upgrade', given: Record<string, string> = {}, ...args: string[]) =>
    run(command, release, chart, `--server-side=${style === 4}`, ...set({ ...here, ...given }), ...args)

  return {
    userId,
    key,
    namespace,
    release,
    fullname,
    run,
    install: (given: Record<string, string> = {}) =>
      act('install', given, '--create-namespace', ...(cluster.runsPods ? ['--wait', '--timeout=120s'] : [])),
    upgrade: (given: Record<string, string> = {}) => act('upgrade', given),
    /** Kind, name and version of what the namespace holds: the same if and only if nothing has been written. */
    async versions(): Promise<string[]> {
      const { Deployment, ...others } = await liveObjects(cluster, userId)
      const rest = Object.entries(others).flatMap(([kind, objects]) =>
        objects.map(({ metadata }) => `${kind}/${metadata?.name} ${metadata?.resourceVersion}`),
      )
      // Its status may change at any time.
      return [...rest, ...Deployment.map(({ metadata }) => `Deployment/${metadata?.name} ${metadata?.generation}`)]
    },
    /** An operator's word that it may be taken over. */
    give: () =>
      cluster.admin.core.patchNamespace({
        name: namespace,
        body: [{ op: 'add', path: `/metadata/labels/${escaped(ADOPTABLE_LABEL)}`, value: userId }],
      }),
  }
}

export type Original = ReturnType<typeof originalOf>

const escaped = (key: string) => key.replaceAll('/', '~1')

function set(values: Record<string, string>): string[] {
  return Object.entries(values).map(([path, value]) => `--set=${path}=${value}`)
}
