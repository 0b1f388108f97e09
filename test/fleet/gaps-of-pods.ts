import { type V1Pod, Watch } from '@kubernetes/client-node'
import { until } from '../helpers/api.ts'
import type { TestCluster } from '../helpers/cluster.ts'

/**
 * Watches the pods of these namespaces.
 * @returns what waits until each has lost a pod and got another one; it answers how long (ms) passed between, the shortest first, and how
 * many got theirs while the one before was still there: those of which Kubernetes' quota takes for granted that they have ended, as they
 * have had twice their grace
 */
export async function gapsOfPods({ admin: { config, core } }: TestCluster, namespaces: readonly string[]) {
  const gone = new Map<string, number>()
  const givenUpAt = new Map<string, number>()
  const gaps = new Map<string, number>()
  let early = 0
  const onEvent = (type: string, { metadata, status }: V1Pod) => {
    const { namespace = '', deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata!
    if (!namespaces.includes(namespace)) return
    if (deletionTimestamp)
      givenUpAt.set(namespace, Date.parse(String(deletionTimestamp)) + deletionGracePeriodSeconds * 1000)
    // From then on its containers have ended, and the quota does not count it any more.
    const isOver = type === 'DELETED' || ['Succeeded', 'Failed'].includes(status?.phase ?? '')
    if (isOver && !gone.has(namespace)) gone.set(namespace, performance.now())
    if (type === 'ADDED') note(namespace)
  }
  function note(namespace: string): void {
    const since = gone.get(namespace)
    if (since === undefined) early++
    const isGivenUp = Date.now() >= (givenUpAt.get(namespace) ?? Number.POSITIVE_INFINITY)
    // Any other successor that comes before would be a second database on the volume: a gap without end.
    gaps.set(namespace, since !== undefined ? performance.now() - since : isGivenUp ? 0 : Number.POSITIVE_INFINITY)
  }
  let seen = (await core.listPodForAllNamespaces({ limit: 1 })).metadata!.resourceVersion!
  let failure: unknown
  let isOver = false
  let watch: AbortController
  /** API servers end watches when they like. */
  const begin = async (): Promise<void> => {
    const told = (type: string, pod: V1Pod) => {
      if (type === 'ERROR') {
        failure = pod
        return
      }
      seen = pod.metadata!.resourceVersion!
      onEvent(type, pod)
    }
    const ended = () => void (isOver || failure || begin().catch((error) => (failure = error)))
    watch = await new Watch(config).watch('/api/v1/pods', { resourceVersion: seen }, told, ended)
  }
  await begin()
  return {
    async untilAll(seconds: number): Promise<{ gaps: number[]; early: number }> {
      const what = () => `successors: ${gaps.size} of ${namespaces.length}`
      await until(what, async () => gaps.size === namespaces.length || failure !== undefined, seconds)
      isOver = true
      watch.abort()
      if (gaps.size < namespaces.length) throw failure
      return { gaps: [...gaps.values()].map(Math.round).sort((a, b) => a - b), early }
    },
  }
}
