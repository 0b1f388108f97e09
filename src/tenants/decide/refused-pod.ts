import { annotations } from '../../manifests/labels.ts'
import type { Decision } from './decide.ts'
import { act } from './decisions.ts'
import type { Situation } from './situation.ts'

/**
 * The old pod has gone, the quota has room, and the ReplicaSet controller rests: it was refused while the old pod was ending, and after each
 * refusal it waits for twice as long. It looks at once when its ReplicaSet is written. That is done once for each count of the quota.
 * @returns undefined if nobody is to be woken
 */
export function wakeController({ deployment, owned, live, quota }: Situation): Decision | undefined {
  const isRefused = deployment.status?.conditions?.some(
    ({ type, status, message }) =>
      type === 'ReplicaFailure' && status === 'True' && message?.includes('exceeded quota'),
  )
  if (!isRefused || live.length > 0 || quota?.status?.used?.pods !== '0') return undefined
  const count = quota.metadata!.resourceVersion!
  const waiting = owned.find(({ spec, status }) => (spec?.replicas ?? 0) > 0 && (status?.replicas ?? 0) === 0)
  if (waiting === undefined || waiting.metadata?.annotations?.[annotations.wokenFor] === count) return undefined
  const { name, uid } = waiting.metadata as { name: string; uid: string }
  return act('ready', { do: 'wake-replica-set', name, uid, count })
}
