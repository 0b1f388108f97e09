import { isReady, livePods, type Observed } from '../observe/observed.ts'
import type { Decision } from './decide.ts'
import { act } from './decisions.ts'
import { hasClass } from './priority-class.ts'

/**
 * The quota says that it counts no pod, and one is ready. Kubernetes counts anew whenever a pod goes, and a pod that comes at that moment
 * can be missed until the next full count, minutes later. All that time nothing would keep a successor from the volume of a pod that ends.
 * @returns undefined if the count is right
 */
export function correctCount({ quota, pods }: Pick<Observed, 'quota' | 'pods'>): Decision | undefined {
  if (quota?.status?.used?.pods !== '0') return undefined
  const isScoped = quota.spec?.scopeSelector !== undefined
  const uncounted = livePods(pods).filter(({ spec }) => !isScoped || hasClass(spec))
  // It is being counted while it starts. One that ends will be counted out before a write of ours could come.
  if (!uncounted.some(isReady)) return undefined
  const { name, resourceVersion } = quota.metadata as { name: string; resourceVersion: string }
  return act('objects', { do: 'correct-count', name, resourceVersion, pods: uncounted.length })
}
